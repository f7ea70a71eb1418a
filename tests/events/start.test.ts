import { affiliates } from '../../index';
import { describeOnEachDatabase, describeOnMariaDb } from '../support/databases';
import { given, PORTAL, requestId, SECRET, STAFF, type Options, type TestProgram } from '../support/given';
import { recordingHost } from '../support/host';
import { commissions } from '../commissions/findings';

const rates = async ({ reads }: TestProgram) =>
  (await reads.termsHistory()).map(({ rate }) => (rate?.kind === 'percent' ? rate.basisPoints : rate));

describeOnEachDatabase('Installing', (database) => {
  it('from several processes at once makes one program', async () => {
    const url = await database.empty();
    const processes = Array.from({ length: 4 }, () =>
      affiliates({
        database: url,
        host: recordingHost(),
        settings: { portalUrl: PORTAL },
        secrets: [SECRET],
      }),
    );
    await Promise.all(processes.map((program) => program.install()));
    const knex = database.connect(url);
    expect(await knex('mod_affiliates_keys')).toHaveLength(1);
    expect(await knex('mod_affiliates_terms')).toHaveLength(1);
    const answers = await Promise.all(
      processes.map((program, index) =>
        program.hooks.InvoicePaid(given.paidInvoice({ invoiceid: `I${index}` })),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['processed']));
    await Promise.all(processes.map((program) => program.close()));
  });

  it('again changes nothing, not even the codes of the links', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate({ clientId: '5' });
    await test.program.install();
    expect(await test.reads.affiliateOfClient('5')).toEqual(affiliate);
    expect(await rates(test)).toEqual([1000]);
  });
});

describeOnEachDatabase('A restart', (database) => {
  const withRate = (defaultRate: string): Options => ({ settings: { defaultRate } });
  /** The next process, started when this one has ended. */
  async function restarted(test: TestProgram, options: Options): Promise<TestProgram> {
    test.clock.advance({ days: 1 });
    return test.another(options);
  }

  it('with the same settings keeps the terms', async () => {
    const test = await given.program(database, withRate('10%'));
    expect(await rates(await restarted(test, withRate('10%')))).toEqual([1000]);
    expect(await rates(await restarted(test, withRate('10.00 %')))).toEqual([1000]);
  });

  it('with other settings makes a new version, which holds from then on', async () => {
    const test = await given.program(database, withRate('10%'));
    const userid = await test.referral(await test.affiliate());
    await test.pays({ invoiceid: 'A', userid });
    const next = await restarted(test, withRate('20%'));
    expect(await rates(next)).toEqual([2000, 1000]);
    await next.pays({ invoiceid: 'B', userid });
    expect(await commissions(test.knex)).toEqual({ 'A/1': [1000, 0], 'B/1': [2000, 0] });
    const back = await restarted(next, withRate('10%'));
    expect(await rates(back)).toEqual([1000, 2000, 1000]);
  });

  it('leaves alone what staff changed on the page, until the settings say something new', async () => {
    const test = await given.program(database, withRate('10%'));
    test.clock.advance({ days: 1 });
    await test.acts.changeTerms({
      requestId: requestId(),
      staff: STAFF,
      scope: 'program',
      scopeKey: '',
      rate: { kind: 'percent', basisPoints: 1500 },
      recurring: 'every',
      clearingDays: 0,
    });
    expect(await rates(await restarted(test, withRate('10%')))).toEqual([1500, 1000]);
    expect(await rates(await restarted(test, withRate('30%')))).toEqual([3000, 1500, 1000]);
  });
});

describeOnMariaDb('A restart of several processes at once', (database) => {
  it('with other settings makes one version', async () => {
    const test = await given.program(database, { settings: { defaultRate: '10%' } });
    test.clock.advance({ days: 1 });
    await Promise.all([1, 2, 3].map(() => test.another({ settings: { defaultRate: '20%' } })));
    expect(await rates(test)).toEqual([2000, 1000]);
  });
});
