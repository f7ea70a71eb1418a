/** Visits that a portal tells later than they were: judged, counted and remembered at their own time. */
import type { Visit } from '../../index';
import { touchFromCookieHeader } from '../../module/clicks';
import { describeOnEachDatabase } from '../support/databases';
import { given, requestId, SECRET, STAFF, type Options, type TestProgram } from '../support/given';
import type { AffiliateView } from '../../module/views';
import { aVisit, sentBack } from './given';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const nowOf = ({ clock }: TestProgram) => clock.now().getTime();

describeOnEachDatabase('A visit that is told late', (database) => {
  async function begin(options: Options = {}) {
    const test = await given.program(database, options);
    const [anna, ben] = [await test.affiliate(), await test.affiliate()];
    test.clock.advance({ days: 1 });
    return { test, anna, ben };
  }

  const tell = ({ program }: TestProgram, { code }: AffiliateView, visit: Partial<Visit>) =>
    program.clicks.visit(aVisit({ code, ...visit }));

  const touchOf = (test: TestProgram, setCookie: string | null) =>
    touchFromCookieHeader(sentBack(setCookie), { cookieName: 'affiliates_ref' }, [SECRET], nowOf(test));

  const timesOf = ({ knex }: TestProgram): Promise<number[]> => knex('mod_affiliates_clicks').pluck('at');

  it('is counted at its time, and its cookie is as old as it is', async () => {
    const { test, anna } = await begin();
    const at = nowOf(test) - 10 * HOUR;
    const { counted, setCookie } = await tell(test, anna, { at });
    expect(counted).toBe(true);
    expect(touchOf(test, setCookie)).toMatchObject({ kind: 'link', affiliateId: anna.id, clickedAt: at });
    expect(await timesOf(test)).toEqual([at]);
    test.clock.advance({ days: 89, hours: 14 });
    expect(touchOf(test, setCookie)).toEqual({ kind: 'invalid', code: 'token_expired' });
  });

  it.each([
    ['more than a minute ahead', (now: number) => now + 60_001],
    ['as old as a cookie gets', (now: number) => now - 90 * DAY],
    ['at no time that can be read', () => 0],
  ])('counts for nothing %s', async (_when, timeOf) => {
    const { test, anna } = await begin();
    test.clock.advance({ days: 200 });
    expect(await tell(test, anna, { at: timeOf(nowOf(test)) })).toEqual({ counted: false, setCookie: null });
    expect(await timesOf(test)).toEqual([]);
  });

  it.each([
    ['a minute ahead', (now: number) => now + 60_000],
    ['a millisecond younger than a cookie gets', (now: number) => now - 90 * DAY + 1],
  ])('counts %s', async (_when, timeOf) => {
    const { test, anna } = await begin();
    test.clock.advance({ days: 89 });
    expect(await tell(test, anna, { at: timeOf(nowOf(test)) })).toMatchObject({ counted: true });
  });

  it('is judged by what the affiliate was then', async () => {
    const { test, anna } = await begin();
    const before = nowOf(test);
    test.clock.advance({ hours: 1 });
    const facts = { clientId: anna.clientId, emailHash: '', userId: '', locale: 'en', ticketId: '' };
    const off = { requestId: requestId(), staff: STAFF, on: false, reason: 'spam' };
    await test.acts.switchAffiliate({ ...facts, ...off });
    expect(await tell(test, anna, { at: before })).toMatchObject({ counted: true });
    expect(await tell(test, anna, { at: nowOf(test) })).toEqual({ counted: false, setCookie: null });
    expect(await tell(test, anna, { at: anna.enrolledAt - 1 })).toEqual({ counted: false, setCookie: null });
    expect(await timesOf(test)).toHaveLength(2);
  });

  it('is told again as the same visit by its id, in one batch or another', async () => {
    const { test, anna } = await begin({ settings: { repeatClickMinutes: 0 } });
    const visit = { at: nowOf(test) - HOUR, id: 'visit-1' };
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => tell(test, anna, visit)));
    expect(first).toMatchObject({ counted: true, setCookie: expect.any(String) as string });
    expect([...others, await tell(test, anna, visit)]).toEqual([first, first, first]);
    await tell(test, anna, { ...visit, id: 'visit-2' });
    expect(await timesOf(test)).toHaveLength(2);
    expect(await test.reads.figures(anna.id)).toMatchObject({ clicks: 2 });
  });

  it.each([
    ['last', 'before', false],
    ['last', 'after', true],
    ['first', 'before', true],
    ['first', 'after', false],
  ] as const)(
    'where the %s link counts, and it was %s the one of the cookie: takes the visitor over: %s',
    async (attribution, order, takesOver) => {
      const { test, anna, ben } = await begin({ settings: { attribution } });
      test.clock.advance({ hours: 2 });
      const cookie = await test.click(ben);
      const told = nowOf(test) + (order === 'before' ? -HOUR : HOUR);
      test.clock.advance({ hours: 2 });
      const { counted, setCookie } = await tell(test, anna, { at: told, cookie });
      expect([counted, setCookie !== null]).toEqual([true, takesOver]);
    },
  );
});
