/** Links that were followed while the service could not be told: a signup brings them along. */
import fc from 'fast-check';
import type { FactAnswer, Visit } from '../../index';
import type { AffiliateView } from '../../module/views';
import { describeOnEachDatabase, describeOnSqlite } from '../support/databases';
import { given, requestId, SECRET, STAFF, type Options, type TestProgram } from '../support/given';
import { expectReplayable } from '../support/replay';

const FIREFOX = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };
const ROBOT = { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' };
const FRAME = { ...FIREFOX, 'sec-fetch-dest': 'iframe' };
const IP = '93.184.216.7';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Link = Partial<Visit> & { readonly code: string; readonly at: number };

/** A visit as a portal keeps it while it cannot tell. */
const followed = ({ code, at, headers = FIREFOX, ...visit }: Link) => ({ code, at, headers, ...visit });

const nowOf = ({ clock }: TestProgram) => clock.now().getTime();

const setOn = (test: TestProgram, { clientId }: AffiliateView, on: boolean) =>
  test.acts.switchAffiliate({
    requestId: requestId(),
    staff: STAFF,
    clientId,
    on,
    reason: on ? '' : 'spam',
    ticketId: '',
    emailHash: '',
    userId: '',
    locale: 'en',
  });

const clicksOf = async ({ reads }: TestProgram, { id }: AffiliateView) => (await reads.figures(id)).clicks;

/** @returns whose referral a client is, and by which click; undefined for nobody's */
const broughtBy = async ({ knex }: TestProgram, client_id: string) =>
  knex<{ client_id: string; affiliate_id: number; outcome: string; click_id: string; campaign: string }>(
    'mod_affiliates_attributions',
  )
    .where({ client_id })
    .first('affiliate_id', 'outcome', 'click_id', 'campaign');

const reasonsOf = ({ knex }: TestProgram): Promise<string[]> =>
  knex('mod_affiliates_clicks').orderBy('at').pluck('reason');

describeOnEachDatabase('A link that was followed before a signup, and could not be told', (database) => {
  const signup = (test: TestProgram, visits: unknown, told: object = {}): Promise<FactAnswer> =>
    test.hooks.ClientAdd({
      ...given.signup({ client_id: '7', eventId: 'client-7-added', at: nowOf(test) }),
      ip: IP,
      visits,
      ...told,
    });

  /** An affiliate, enrolled a day ago. */
  async function begin(options: Options = {}) {
    const test = await given.program(database, options);
    const anna = await test.affiliate();
    test.clock.advance({ days: 1 });
    return { test, anna };
  }

  it('makes the client a referral of the link’s affiliate, and counts the click at its time', async () => {
    const { test, anna } = await begin();
    const at = nowOf(test) - 5 * HOUR;
    const visits = [followed({ code: anna.code.toUpperCase(), at, campaign: 'spring' })];
    expect(await signup(test, visits)).toMatchObject({ status: 'processed' });
    const [click] = await test.knex<{ id: string }>('mod_affiliates_clicks');
    expect(click).toMatchObject({ affiliate_id: anna.id, at, reason: '', network: '93.184.216.0/24' });
    expect(await broughtBy(test, '7')).toEqual({
      affiliate_id: anna.id,
      outcome: 'attributed',
      click_id: click?.id,
      campaign: 'spring',
    });
    expect(await test.reads.figures(anna.id)).toMatchObject({ clicks: 1, signups: 1 });
    await test.pays({ userid: '7', total: '100.00' });
    expect(await test.accounts(anna)).toMatchObject({ cleared: 1000 });
    await expectReplayable(test.knex);
  });

  it('is told as often as the host likes, also after the secrets turned: one answer and one click', async () => {
    const { test, anna } = await begin();
    const visits = [followed({ code: anna.code, at: nowOf(test) - HOUR })];
    const at = nowOf(test);
    const first = await signup(test, visits);
    await setOn(test, anna, false);
    test.clock.advance({ days: 40 });
    await test.program.daily();
    const later = await test.another({ secrets: ['another secret that is long enough, too', SECRET] });
    expect(await signup(later, visits, { at })).toEqual(first);
    expect(await signup(test, visits, { at, eventId: 'client-7-once-more' })).toMatchObject({
      accepted: true,
    });
    expect(await clicksOf(test, anna)).toBe(1);
  });

  it('is one click, whether it is reported as well, before or after', async () => {
    const { test, anna } = await begin({ settings: { repeatClickMinutes: 0 } });
    const visit = followed({ code: anna.code, at: nowOf(test) - HOUR, id: 'visit-1' });
    const report = () => test.program.clicks.visit({ ...NOTHING, ...visit });
    const { setCookie } = await report();
    await Promise.all([signup(test, [visit]), report(), report()]);
    expect(await report()).toEqual({ counted: true, setCookie });
    expect(await clicksOf(test, anna)).toBe(1);
    await signup(
      test,
      [
        { ...visit, id: 'visit-2' },
        { ...visit, id: 'visit-2' },
      ],
      {
        client_id: '8',
        eventId: 'client-8-added',
      },
    );
    expect(await clicksOf(test, anna)).toBe(2);
  });

  it('leaves no trace of the person where it is nobody’s', async () => {
    const { test } = await begin();
    await signup(test, [followed({ code: 'nobody99', at: nowOf(test) })]);
    expect(await broughtBy(test, '7')).toBeUndefined();
    const personal = test.knex('mod_affiliates_event_personal').where({ client_id: '7' });
    const [kept] = await personal.pluck<string[]>('data');
    expect(Object.keys(JSON.parse(kept ?? '') as object)).toEqual(['emailHash']);
    await expectReplayable(test.knex);
  });

  it.each([
    ['a robot’s', ROBOT, 'robot'],
    ['one that nobody saw', FRAME, 'prefetch'],
    ['one without a browser', {}, 'robot'],
  ])('brings nobody when it was %s, and is recorded as that', async (_whose, headers, reason) => {
    const { test, anna } = await begin();
    await signup(test, [followed({ code: anna.code, at: nowOf(test) - HOUR, headers })]);
    expect(await broughtBy(test, '7')).toBeUndefined();
    expect(await reasonsOf(test)).toEqual([reason]);
    expect(await clicksOf(test, anna)).toBe(0);
  });

  it('is judged by what the affiliate was when it was followed', async () => {
    const { test, anna } = await begin();
    const [before, at] = [nowOf(test) - 1, nowOf(test)];
    await setOn(test, anna, false);
    test.clock.advance({ hours: 1 });
    await setOn(test, anna, true);
    test.clock.advance({ hours: 1 });
    const told = (client_id: string, link: number) =>
      signup(test, [followed({ code: anna.code, at: link })], { client_id, eventId: `client-${client_id}` });
    await told('7', before);
    await told('8', at);
    await told('9', anna.enrolledAt - 1);
    expect(await broughtBy(test, '7')).toMatchObject({ outcome: 'attributed' });
    expect(await broughtBy(test, '8')).toBeUndefined();
    expect(await broughtBy(test, '9')).toBeUndefined();
    expect(await reasonsOf(test)).toEqual(['', 'suspended']);
  });

  it('of the affiliate itself is refused as any other', async () => {
    const test = await given.program(database);
    const anna = await test.affiliate({ clientId: '5', email: 'anna@example.org' });
    const visits = [followed({ code: anna.code, at: nowOf(test) })];
    await signup(test, visits, { email: 'anna@example.org' });
    expect(await broughtBy(test, '7')).toMatchObject({ outcome: 'self_referral' });
  });

  it.each([
    ['two minutes after the signup', (at: number) => at + 120_000],
    ['as long before it as a cookie lives', (at: number) => at - 90 * DAY],
    ['at a time that cannot be read', () => 'last week'],
    ['at no time', () => undefined],
  ])('counts for nothing %s', async (_when, timeOf) => {
    const { test, anna } = await begin();
    test.clock.advance({ days: 200 });
    const visits = [{ ...followed({ code: anna.code, at: 0 }), at: timeOf(nowOf(test)) }];
    expect(await signup(test, visits)).toMatchObject({ status: 'processed' });
    expect(await broughtBy(test, '7')).toBeUndefined();
    expect(await test.knex('mod_affiliates_clicks')).toEqual([]);
  });

  it.each([
    ['a word', 'anna2345'],
    ['nulls', [null, 7, [], {}]],
    [
      'what is no link',
      [
        { code: '<script>', at: 1 },
        { affiliateId: '0x7', at: 2 },
      ],
    ],
  ])('says nothing when it is %s', async (_what, visits) => {
    const { test } = await begin();
    expect(await signup(test, visits)).toMatchObject({ status: 'processed' });
    expect(await test.knex('mod_affiliates_clicks')).toEqual([]);
    // The very fact that a host without visits tells.
    expect(await signup(test, undefined)).toMatchObject({ status: 'processed' });
  });

  it('is taken where a cookie is of no use, and beside a good one only as the setting says', async () => {
    const { test, anna } = await begin();
    const ben = await test.affiliate();
    const cookie = await test.click(ben);
    test.clock.advance({ hours: 2 });
    const link = followed({ code: anna.code, at: nowOf(test) - HOUR });
    const told = (client_id: string, more: object) =>
      signup(test, [link], { client_id, eventId: `client-${client_id}`, ...more });
    await told('7', { cookie: 'affiliates_ref=forged' });
    await told('8', { cookie });
    await told('9', { cookie: 'WHMCSAffiliateID=7' });
    await told('10', { cookie: await test.click(ben) });
    const owners = await Promise.all(['7', '8', '9', '10'].map((id) => broughtBy(test, id)));
    expect(owners.map((owner) => owner?.affiliate_id)).toEqual([anna.id, anna.id, anna.id, ben.id]);
    await expectReplayable(test.knex);
  });

  it('is looked at for what speaks against it', async () => {
    const { test, anna } = await begin();
    const unseen = { ...NOTHING, code: anna.code, ip: '93.184.216.99', headers: FRAME };
    await test.program.clicks.visit(unseen);
    await signup(test, [followed({ code: anna.code, at: nowOf(test) - HOUR })]);
    const suspected = test.knex('mod_affiliates_suspicions').where({ client_id: '7' }).pluck('code');
    expect(await suspected).toEqual(['hidden_click']);
    await expectReplayable(test.knex);
  });
});

const NOTHING: Visit = {
  code: '',
  landing: '',
  campaign: '',
  cookie: undefined,
  ip: IP,
  headers: FIREFOX,
  secure: true,
};

/** One thing that happens on a visitor's way to a signup. */
type Step =
  | { readonly does: 'follow'; readonly whose: number; readonly how: object; readonly missed: boolean }
  | { readonly does: 'switch'; readonly whose: number }
  | { readonly does: 'wait'; readonly ms: number };

const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('follow' as const),
      whose: fc.constantFrom(0, 1, 2),
      how: fc.constantFrom(FIREFOX, FIREFOX, FIREFOX, ROBOT, FRAME),
      missed: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('switch' as const), whose: fc.constantFrom(0, 1) }) },
  { weight: 1, arbitrary: fc.constant({ does: 'wait' as const, ms: 50 * DAY }) },
);

const follow = (whose: number, missed: boolean, how: object = FIREFOX): Step => ({
  does: 'follow',
  whose,
  how,
  missed,
});
const switches = (whose: number): Step => ({ does: 'switch', whose });

/** What no run may leave out. */
const EXAMPLES: [Step[]][] = [
  [[follow(0, false), follow(1, true)]],
  [[follow(0, true), follow(1, false)]],
  [[follow(0, false), switches(0), follow(1, true)]],
  [[follow(0, true), follow(1, true, FRAME)]],
  [[follow(0, true), switches(1), follow(1, true), follow(2, true)]],
];

/** Lives through the steps. @param telling whether every link is told when it is followed @returns who brought the client */
async function live(attribution: 'first' | 'last', steps: readonly Step[], telling: boolean) {
  const test = await given.programInMemory({ settings: { attribution } });
  const affiliates = [await test.affiliate(), await test.affiliate()];
  const on = [true, true];
  const visits: object[] = [];
  let cookie: string | undefined;
  for (const step of steps) {
    test.clock.advance({ milliseconds: step.does === 'wait' ? step.ms : HOUR });
    if (step.does === 'switch') {
      on[step.whose] = !on[step.whose];
      await setOn(test, affiliates[step.whose]!, on[step.whose]!);
    }
    if (step.does !== 'follow') continue;
    const link = { code: affiliates[step.whose]?.code ?? 'nobody99', headers: { ...step.how } };
    if (step.missed && !telling) {
      visits.push({ ...link, at: nowOf(test) });
      continue;
    }
    const { setCookie } = await test.program.clicks.visit({ ...NOTHING, ...link, cookie });
    cookie = setCookie?.split(';')[0] ?? cookie;
  }
  test.clock.advance({ milliseconds: HOUR });
  await test.hooks.ClientAdd({
    ...given.signup({ at: nowOf(test) }),
    ip: IP,
    visits,
    ...(cookie && { cookie }),
  });
  await test.pays({ userid: '7', total: '100.00', at: nowOf(test) });
  const earned = await Promise.all(affiliates.map((affiliate) => test.accounts(affiliate)));
  if (!telling) await expectReplayable(test.knex);
  await test.close();
  return earned;
}

describeOnSqlite('Whatever links a visitor followed', () => {
  it.each(['first', 'last'] as const)(
    'they earn the same, told late or at once, where the %s one is credited',
    async (attribution) => {
      await fc.assert(
        fc.asyncProperty(fc.array(STEP, { minLength: 1, maxLength: 5 }), async (steps) => {
          expect(await live(attribution, steps, false)).toEqual(await live(attribution, steps, true));
        }),
        { numRuns: EXAMPLES.length + 5, examples: EXAMPLES },
      );
    },
    60_000,
  );
});
