/** The simulation as staff see it. */
import { drawPairs } from '../../pages/chart';
import { A_FORM, asked, textOf, unescaped } from '../pages/given';
import { describeOnSqlite } from '../support/databases';
import { given, STAFF, type TestProgram } from '../support/given';

const ask = (
  { program }: TestProgram,
  fields: Record<string, string>,
  who: object = { staff: STAFF },
  locale = 'en',
) =>
  program.pages.staff({
    ...asked(who as { staff: typeof STAFF }, { page: 'simulate' }),
    locale,
    method: 'POST',
    body: { ...A_FORM, ...fields },
  });

async function earning(test: TestProgram) {
  const [one, other] = [await test.affiliate(), await test.affiliate()];
  await test.pays({ userid: await test.referral(one), total: '200.00' });
  await test.pays({ userid: await test.referral(other), total: '50.00' });
  await test.program.deliver();
  return { one, other };
}

const RATE = { scope: 'program', scopeKey: '', rate: '20%', since: '2026-03-01' };

describeOnSqlite('The page of the simulation', (database) => {
  it('asks for a rate or for terms, and is found from the terms', async () => {
    const test = await given.program(database);
    const get = async (page: string) =>
      unescaped((await test.program.pages.staff(asked({ staff: STAFF }, { page }))).html);
    expect(textOf(await get('simulate'))).toMatch(/Another rate .* Other terms, in YAML/);
    expect(await get('terms')).toContain('page=simulate');
  });

  it('shows what another rate would have earned everybody, as a table and a chart, and changes nothing', async () => {
    const test = await given.program(database);
    const { one } = await earning(test);
    const { status, html } = await ask(test, RATE);
    expect(status).toBe(200);
    const text = textOf(html);
    expect(text).toContain('Since Mar 1, 2026, 2 affiliates would have earned another amount.');
    expect(text).toContain(`${one.id} · ${one.code} $20.00 $40.00 +$20.00 1`);
    expect(text).not.toContain('could not have happened');
    expect(text).toContain('All in USD $25.00 $50.00 +$25.00 2');
    expect(html).toMatch(
      /<svg [^>]*role="img" aria-label="What affiliates earned and would have earned in USD/,
    );
    expect(html.match(/<rect /g)).toHaveLength(4);
    expect(await test.reads.terms()).toMatchObject([{ rate: { basisPoints: 1000 } }]);
    expect(await test.accounts(one)).toMatchObject({ cleared: 2000 });
  });

  it('reads pasted terms, and shows them again with what is wrong with them', async () => {
    const test = await given.program(database);
    const { other } = await earning(test);
    const since = '2026-03-01';
    const good = await ask(test, { terms: `- { scope: affiliate, key: ${other.id}, rate: 50% }`, since });
    expect(textOf(good.html)).toContain('Since Mar 1, 2026, one affiliate would have earned another amount.');
    const bad = await ask(test, { terms: '- { scope: <b>program</b> }', since });
    expect(bad.status).toBe(422);
    expect(textOf(bad.html)).toContain('Entry 1 of the terms: “scope” cannot be read.');
    expect(bad.html).toContain('- { scope: &lt;b&gt;program&lt;/b&gt; }</textarea>');
    const nobody = await ask(test, { ...RATE, scope: 'affiliate', scopeKey: '99' });
    expect([nobody.status, textOf(nobody.html)]).toEqual([
      422,
      expect.stringContaining('There is no affiliate'),
    ]);
  });

  it.each([
    ['since', { ...RATE, since: '2026-02-31' }],
    ['since', { ...RATE, since: '' }],
    ['rate', { ...RATE, rate: '101%' }],
    ['rate', { ...RATE, rate: '' }],
    ['scopeKey', { ...RATE, scope: 'product' }],
  ])('names the field %s that is wrong', async (field, fields) => {
    const test = await given.program(database);
    const { status, html } = await ask(test, fields);
    expect(status).toBe(422);
    expect(html).toMatch(new RegExp(`name="${field}"[^>]*aria-invalid="true"`));
  });

  it('is for staff alone, and not without the token of its form', async () => {
    const test = await given.program(database);
    expect((await ask(test, RATE, { client: { id: '1' } })).status).toBe(403);
    const forged = { ...asked({ staff: STAFF }, { page: 'simulate' }), method: 'POST', body: RATE } as const;
    expect((await test.program.pages.staff(forged)).status).toBe(403);
  });

  it('is read in every language, from right to left as well', async () => {
    const test = await given.program(database);
    await earning(test);
    for (const locale of ['de', 'ar']) {
      const { status, html } = await ask(test, RATE, { staff: STAFF }, locale);
      expect([locale, status]).toEqual([locale, 200]);
      expect(html).toContain(`text-anchor="${locale === 'ar' ? 'start' : 'end'}"`);
    }
  });
});

describe('A chart of pairs', () => {
  const rows = [
    { label: 'one', before: 5000, after: 10_000 },
    { label: 'other', before: 0, after: -2500 },
  ];

  it('draws bars as long as what they stand for, from zero on, in whole units', () => {
    const { pairs, ticks } = drawPairs(rows, String, false);
    const [first, second] = pairs.map(({ bars }) => bars);
    const zero = ticks.find(({ label }) => label === '0')!.x;
    expect(first).toMatchObject([{ x: zero }, { x: zero }]);
    expect(Math.abs(first![1]!.length - 2 * first![0]!.length)).toBeLessThanOrEqual(1);
    expect(second![1]!.x + second![1]!.length).toBe(zero);
    const numbers = pairs.flatMap(({ bars }) => bars.flatMap(({ x, y, length }) => [x, y, length]));
    expect(numbers.filter((number) => !Number.isInteger(number))).toEqual([]);
  });

  it('grows to the left where people read so, and stays within its frame', () => {
    const { pairs, width } = drawPairs(rows, String, true);
    const [before] = pairs[0]!.bars;
    expect(before!.x).toBeGreaterThan(0);
    expect(before!.x + before!.length).toBeLessThan(width);
    expect(pairs[0]!.labelX).toBeGreaterThan(before!.x + before!.length);
  });
});
