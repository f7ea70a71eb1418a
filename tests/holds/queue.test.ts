/** The queue of what is on hold, narrowed: by reason, affiliate and age, with how much each choice would show. */
import { aClient, asked, STAFF as STAFF_PAGES, textOf } from '../pages/given';
import { describeOnEachDatabase } from '../support/databases';
import { given, type TestProgram } from '../support/given';

const IP = '91.198.174.5';

/** Of two affiliates, over four months: throw-away addresses, one from its affiliate's network, one with both. */
async function queue(start: typeof given.programInMemory) {
  const test = await start({ settings: { clearingDays: 365 } });
  const [one, two] = [await test.affiliate({ clientId: 'one' }), await test.affiliate({ clientId: 'two' })];
  const brings = async (affiliate: typeof one, id: string, { email = 'a@mailinator.com', ip = '' }) => {
    if (ip) await test.program.pages.client({ ...asked(aClient(affiliate.clientId)), ip });
    const cookie = await test.click(affiliate);
    await test.hooks.ClientAdd({ ...given.signup({ client_id: id, email, cookie }), ...(ip && { ip }) });
    await test.pays({ invoiceid: `I${id}`, userid: id });
  };
  await brings(one, '1', {});
  test.clock.advance({ days: 61 });
  await brings(one, '2', { ip: IP });
  test.clock.advance({ days: 23 });
  await brings(two, '3', { email: 'b@example.net', ip: IP });
  test.clock.advance({ days: 8 });
  await brings(two, '4', {});
  await brings(two, '5', { email: 'c@example.net' });
  return { test, one, two };
}

async function lines({ reads }: TestProgram, filter: Parameters<TestProgram['reads']['holds']>[0]['filter']) {
  const { rows } = await reads.holds({ ...(filter && { filter }), limit: 10 });
  return rows.map(({ lineKey }) => lineKey);
}

describeOnEachDatabase('The queue of holds', (database) => {
  it('is narrowed by reason, affiliate and age together, and counts what each choice would show', async () => {
    const { test, one, two } = await queue((options) => given.program(database, options));
    expect(await lines(test, {})).toEqual(['I1/1', 'I2/1', 'I3/1', 'I4/1']);
    expect(await lines(test, { reason: 'same_network' })).toEqual(['I2/1', 'I3/1']);
    expect(await lines(test, { reason: 'disposable_email', affiliateId: one.id })).toEqual(['I1/1', 'I2/1']);
    expect(await lines(test, { age: 'week' })).toEqual(['I1/1', 'I2/1', 'I3/1']);
    expect(await lines(test, { age: 'month', reason: 'same_network' })).toEqual(['I2/1']);
    expect(await lines(test, { age: 'quarter', affiliateId: two.id })).toEqual([]);
    expect(await test.reads.holdCounts({})).toMatchObject({
      shown: 4,
      reasons: { all: 4, disposable_email: 3, same_network: 2, many_refunds: 0 },
      ages: { all: 4, week: 3, month: 2, quarter: 1 },
      affiliates: [
        { id: one.id, count: 2 },
        { id: two.id, count: 2 },
      ],
    });
    expect(await test.reads.holdCounts({ reason: 'same_network', affiliateId: two.id })).toMatchObject({
      shown: 1,
      reasons: { all: 2, disposable_email: 1, same_network: 1 },
      ages: { all: 1, week: 1, month: 0, quarter: 0 },
      affiliates: [
        { id: one.id, count: 1 },
        { id: two.id, count: 1 },
      ],
    });
  });

  it('is turned page by page under what it is narrowed to', async () => {
    const { test } = await queue((options) => given.program(database, options));
    const filter = { reason: 'disposable_email' as const };
    const first = await test.reads.holds({ filter, limit: 2 });
    expect(first.rows.map(({ lineKey }) => lineKey)).toEqual(['I1/1', 'I2/1']);
    const second = await test.reads.holds({ filter, limit: 2, cursor: first.next! });
    expect(second.rows.map(({ lineKey }) => lineKey)).toEqual(['I4/1']);
    expect(second.next).toBeNull();
  });
});

describe('The page of holds', () => {
  it('keeps what was chosen in its address, and asks for nothing that is in no list', async () => {
    const { test, two } = await queue(given.programInMemory);
    const read = async (query: Record<string, string>) =>
      (await test.program.pages.staff(asked(STAFF_PAGES, { page: 'holds', ...query }))).html;
    const narrowed = await read({ reason: 'same_network', affiliate: String(two.id), age: 'week' });
    expect(narrowed).toContain('value="same_network" selected');
    expect(narrowed).toContain(`value="${two.id}" selected`);
    expect(narrowed).toContain('value="week" selected');
    expect(textOf(narrowed)).toContain('1 commission is like that.');
    expect(narrowed.match(/page&#x3D;hold&amp;line/g)).toHaveLength(1);
    const forged = await read({ reason: "x' or 1=1 --", affiliate: '1 or 1=1', age: 'constructor' });
    expect(forged.match(/page&#x3D;hold&amp;line/g)).toHaveLength(4);
    expect(forged).not.toContain('1=1 --');
  });

  it('names an affiliate who is asked for and of whom nothing waits', async () => {
    const { test } = await queue(given.programInMemory);
    const third = await test.affiliate({ clientId: 'three' });
    const query = { page: 'holds', affiliate: String(third.id) };
    const { html } = await test.program.pages.staff(asked(STAFF_PAGES, query));
    expect(textOf(html)).toContain(`${third.code} (0)`);
    expect(textOf(html)).toContain('Nothing that is on hold is like that.');
  });

  it('links from page to page with what was chosen', async () => {
    const test = await given.programInMemory({ settings: { clearingDays: 30 } });
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate, { email: 'a@mailinator.com' });
    for (let invoice = 0; invoice < 26; invoice++) await test.pays({ invoiceid: `P${invoice}`, userid });
    const query = { page: 'holds', reason: 'disposable_email' };
    const { html } = await test.program.pages.staff(asked(STAFF_PAGES, query));
    const next = /rel="next" href="([^"]*)"/.exec(html)?.[1] ?? '';
    expect(next).toContain('reason&#x3D;disposable_email');
    expect(html.match(/page&#x3D;hold&amp;line/g)).toHaveLength(25);
  });
});
