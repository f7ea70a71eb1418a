/** A signup from where its affiliate was about the same time waits for staff. */
import type { AffiliateView } from '../../module/views';
import { aClient, asked, STAFF as STAFF_PAGES, textOf } from '../pages/given';
import { describeOnEachDatabase } from '../support/databases';
import { given, requestId, STAFF, type TestProgram } from '../support/given';
import { everythingKept, expectSound } from '../support/invariants';

const HOME = '91.198.174.5';
const NEIGHBOUR = '91.198.174.77';
const AWAY = '151.101.1.9';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

async function program(start: typeof given.programInMemory) {
  const test = await start({ settings: { clearingDays: 30 } });
  return { test, affiliate: await test.affiliate({ clientId: 'owner', email: 'owner@example.com' }) };
}

/** The affiliate opens its page. */
const looks = ({ program }: TestProgram, { clientId }: Pick<AffiliateView, 'clientId'>, ip: string) =>
  program.pages.client({ ...asked(aClient(clientId)), ip });

/** A client signs up with the affiliate's link, from `ip` and after a click from `clickIp`, and pays 100.00. */
async function refer(
  test: TestProgram,
  { code }: AffiliateView,
  { id = '77', ip = '', clickIp = AWAY } = {},
) {
  const headers = { 'user-agent': FIREFOX };
  const visit = { code, landing: '', campaign: '', cookie: undefined, ip: clickIp, headers, secure: true };
  const cookie = (await test.program.clicks.visit(visit)).setCookie?.split(';')[0] ?? '';
  const signup = given.signup({ client_id: id, email: `${id}@example.net`, cookie });
  const answer = await test.hooks.ClientAdd({ ...signup, ...(ip && { ip }), eventId: `${id} signs up` });
  expect(answer).toMatchObject({ status: 'processed' });
  await test.pays({ invoiceid: `I${id}`, userid: id });
}

async function reasons({ reads }: TestProgram): Promise<string[]> {
  const { rows } = await reads.holds({ limit: 10 });
  return rows.map(({ lineKey, steps }) => [lineKey, ...steps.map(({ finding }) => finding)].join(' '));
}

/** Nothing is left to look at, and the replay still finds why. */
async function expectSoundWithout(test: TestProgram): Promise<void> {
  await test.knex('mod_affiliates_clicks').delete();
  await test.knex('mod_affiliates_seen_networks').delete();
  await expectSound(test.knex, test.clock.now);
}

describeOnEachDatabase('A signup from the network of its affiliate', (database) => {
  it('is held, and a replay finds why without it', async () => {
    const { test, affiliate } = await program((options) => given.program(database, options));
    await looks(test, affiliate, HOME);
    await refer(test, affiliate, { ip: NEIGHBOUR });
    expect(await reasons(test)).toEqual(['I77/1 same_network']);
    await expectSoundWithout(test);
  });

  it('is held also when the affiliate itself signed up from there', async () => {
    const test = await given.program(database, { settings: { clearingDays: 30 } });
    await test.hooks.ClientAdd({ ...given.signup({ client_id: 'owner', email: 'o@example.com' }), ip: HOME });
    const affiliate = await test.affiliate({ clientId: 'owner' });
    await refer(test, affiliate, { ip: NEIGHBOUR });
    expect(await reasons(test)).toEqual(['I77/1 same_network']);
    await expectSoundWithout(test);
  });

  it('is held when a coupon brought the client', async () => {
    const { test, affiliate } = await program((options) => given.program(database, options));
    await test.acts.changeCoupon({
      requestId: requestId(),
      staff: STAFF,
      code: 'SAVE',
      affiliateId: affiliate.id,
      on: true,
    });
    await looks(test, affiliate, HOME);
    await test.hooks.ClientAdd({
      ...given.signup({ client_id: '77', email: 'a@example.net' }),
      ip: NEIGHBOUR,
    });
    await test.pays({ invoiceid: 'I77', userid: '77', promocode: 'save' });
    expect(await reasons(test)).toEqual(['I77/1 same_network']);
    await expectSoundWithout(test);
  });

  it('is held when the affiliate is another’s after a merge, before the signup and after', async () => {
    const { test, affiliate } = await program((options) => given.program(database, options));
    await looks(test, affiliate, HOME);
    const other = await test.affiliate({ clientId: 'other' });
    await refer(test, other, { id: '76', ip: NEIGHBOUR });
    expect(await reasons(test)).toEqual([]);
    await test.hooks.AfterClientMerge({ fromUserID: 'owner', toUserID: 'other' });
    await refer(test, affiliate, { ip: NEIGHBOUR });
    expect(await reasons(test)).toEqual(['I77/1 same_network']);
    await test.hooks.AfterClientMerge({ fromUserID: '77', toUserID: '78' });
    await test.pays({ invoiceid: 'later', userid: '78' });
    expect(await reasons(test)).toEqual(['I77/1 same_network', 'later/1 same_network']);
    await expectSoundWithout(test);
  });
});

describeOnEachDatabase('Where people were seen', (database) => {
  it('is kept of affiliates’ pages alone, once a day, and for 30 days', async () => {
    const { test, affiliate } = await program((options) => given.program(database, options));
    const rows = async () => (await test.knex('mod_affiliates_seen_networks')).length;
    await looks(test, { clientId: 'a stranger' }, HOME);
    expect(await rows()).toBe(0);
    await looks(test, affiliate, HOME);
    await looks(test, affiliate, NEIGHBOUR);
    expect(await rows()).toBe(1);
    test.clock.advance({ days: 1 });
    await looks(test, affiliate, HOME);
    expect(await rows()).toBe(2);
    test.clock.advance({ days: 30 });
    await test.program.daily();
    expect(await rows()).toBe(1);
    test.clock.advance({ days: 1 });
    await test.program.daily();
    expect(await rows()).toBe(0);
  });

  it('goes with the client who is erased, and nowhere stands an address or its network', async () => {
    const { test, affiliate } = await program((options) => given.program(database, options));
    await looks(test, affiliate, HOME);
    await refer(test, affiliate, { ip: NEIGHBOUR });
    const kept = await everythingKept(test.knex);
    const logged = test.logger.text();
    for (const address of [HOME, NEIGHBOUR]) expect(kept + logged).not.toContain(address);
    expect(kept).not.toContain('91.198.174');
    await test.hooks.PreDeleteClient({ userid: '77' });
    await test.hooks.PreDeleteClient({ userid: affiliate.clientId });
    expect(await test.knex('mod_affiliates_seen_networks')).toEqual([]);
    await expectSoundWithout(test);
  });

  it('is told to staff in a sentence', async () => {
    const { test, affiliate } = await program((options) => given.program(database, options));
    await looks(test, affiliate, HOME);
    await refer(test, affiliate, { ip: NEIGHBOUR });
    const list = await test.program.pages.staff(asked(STAFF_PAGES, { page: 'holds' }));
    expect(textOf(list.html)).toContain('signed up from the network that the affiliate uses');
  });
});

describe('Which networks are compared', () => {
  const start = () => program(given.programInMemory);

  it.each([
    ['by what the host tells', HOME, { ip: NEIGHBOUR }, 0, ['I77/1 same_network']],
    ['by the click, where the host tells nothing', HOME, { clickIp: NEIGHBOUR }, 0, ['I77/1 same_network']],
    ['a week later', HOME, { ip: NEIGHBOUR }, 7, ['I77/1 same_network']],
    ['not eight days later', HOME, { ip: NEIGHBOUR }, 8, []],
    ['not from another network', HOME, { ip: AWAY, clickIp: HOME }, 0, []],
    ['not from a network of a company', '10.1.2.3', { ip: '10.1.2.4' }, 0, []],
    ['not from a carrier’s', '100.64.7.1', { ip: '100.64.7.2' }, 0, []],
    [
      'by the first half of an address of version 6',
      '2a02:26f0:6d::1',
      { ip: '2a02:26f0:6d:9::2' },
      0,
      ['I77/1 same_network'],
    ],
    [
      'not when it can’t be read: that is held as unchecked',
      HOME,
      { ip: 'the proxy' },
      0,
      ['I77/1 check_failed'],
    ],
  ])('is held, %s', async (_how, seenAt, signup, days, held) => {
    const { test, affiliate } = await start();
    await looks(test, affiliate, seenAt);
    test.clock.advance({ days });
    await refer(test, affiliate, signup);
    expect(await reasons(test)).toEqual(held);
    await expectSoundWithout(test);
  });

  it('stops no page when it cannot be noted', async () => {
    const { test, affiliate } = await start();
    await test.knex.schema.dropTable('mod_affiliates_seen_networks');
    expect(await looks(test, affiliate, HOME)).toMatchObject({ status: 200 });
  });
});
