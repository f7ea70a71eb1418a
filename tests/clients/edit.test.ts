/** News of a client that tells a part alone: the rest stays, whoever else tells something at the same moment. */
import { describeOnEachDatabase } from '../support/databases';
import { given, requestId, STAFF, type TestProgram } from '../support/given';
import { expectReplayable } from '../support/replay';

const PROCESSED = { accepted: true, status: 'processed' };
const RITA = { client_id: '7', firstname: 'Rita', lastname: 'Referred' };

type Row = Readonly<Record<'first_name' | 'last_name' | 'initials', string>>;
const nameIn = ({ knex }: TestProgram): Promise<Row | undefined> =>
  knex<Row>('mod_affiliates_referrals').first('first_name', 'last_name', 'initials');

async function withRita(program: Promise<TestProgram>): Promise<TestProgram> {
  const test = await program;
  await test.referral(await test.affiliate(), RITA);
  return test;
}

describeOnEachDatabase('When news tells a part of a client', (database) => {
  it.each([
    ['a first name leaves the last', { firstname: 'Anna' }, ['Anna', 'Referred', 'A. R.']],
    ['a last name leaves the first', { lastname: 'Zed' }, ['Rita', 'Zed', 'R. Z.']],
    ['both are taken', { firstname: 'Anna', lastname: 'Zed' }, ['Anna', 'Zed', 'A. Z.']],
    ['null is as good as nothing', { firstname: 'Anna', lastname: null }, ['Anna', 'Referred', 'A. R.']],
    ['an empty part is emptied', { firstname: '' }, ['', 'Referred', 'R.']],
    ['an empty part is emptied beside the other', { firstname: 'Anna', lastname: ' ' }, ['Anna', '', 'A.']],
    ['two empty parts tell nothing', { firstname: '', lastname: '' }, ['Rita', 'Referred', 'R. R.']],
    ['other news leave it', { email: 'new@example.org', language: 'german' }, ['Rita', 'Referred', 'R. R.']],
  ])('%s, and a replay makes the same of it', async (_what, told, [first_name, last_name, initials]) => {
    const test = await withRita(given.program(database));
    expect(await test.hooks.ClientEdit({ userid: 7, ...told })).toEqual(PROCESSED);
    expect(await nameIn(test)).toEqual({ first_name, last_name, initials });
    await expectReplayable(test.knex);
  });

  it('the last part of a name is never taken away, however it is told', async () => {
    const test = await withRita(given.program(database));
    await test.hooks.ClientEdit({ userid: 7, firstname: '' });
    await test.hooks.ClientEdit({ userid: 7, lastname: '' });
    expect(await nameIn(test)).toMatchObject({ first_name: '', last_name: 'Referred' });
    await expectReplayable(test.knex);
  });

  it('two parts told at once to two processes are both kept', async () => {
    const test = await withRita(given.program(database));
    const other = await test.another();
    for (let round = 0; round < 10; round++) {
      const [firstname, lastname] = [`Anna${round}`, `Zed${round}`];
      const answers = await Promise.all([
        test.hooks.ClientEdit({ userid: 7, firstname }),
        other.hooks.ClientEdit({ userid: 7, lastname }),
      ]);
      expect(answers).toEqual([PROCESSED, PROCESSED]);
      expect(await nameIn(test)).toMatchObject({ first_name: firstname, last_name: lastname });
    }
    await expectReplayable(test.knex);
  });

  it('news without a mail address leaves the one by which an affiliate’s second account is known', async () => {
    const test = await given.program(database);
    const email = 'anna@example.org';
    const owner = await test.affiliate({ email });
    const staffAct = { requestId: requestId(), staff: STAFF };
    await test.acts.changeCoupon({ ...staffAct, code: 'own', affiliateId: owner.id, on: true });
    const second = await test.affiliate({ email });
    await test.hooks.ClientAdd(given.signup({ client_id: second.clientId, email }));
    await test.hooks.ClientEdit({ userid: second.clientId, firstname: 'Anna' });
    await test.pays({ userid: second.clientId, promocode: 'own' });
    expect(await test.accounts(owner)).toMatchObject({ clearing: 0, cleared: 0 });
    await expectReplayable(test.knex);
  });
});
