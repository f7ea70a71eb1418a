/** The table of referrals with three dozen of them: sorted, filtered, paged, bookmarked. */
import type { Client } from '../../portal/office/rows';
import type { Person } from './person';
import { describeJourneys, START, type Stage } from './stage';

const HOUR = 3_600_000;
const PRODUCTS = ['Cloud VPS', 'Mail Box', 'Web Hosting S'] as const;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

interface Known {
  readonly at: number;
  /** As privacy shows it. */
  readonly name: string;
  readonly product: string;
  readonly closed: boolean;
  /** Cents. */
  readonly paid: number;
  readonly earned: number;
}

/** The n-th referral: signed up half a day after the one before, paid $n, save every tenth who paid nothing. */
function known(n: number): Known {
  const name = `${LETTERS[(n * 7) % 26]}. ${LETTERS[n % 26]}.`;
  const paid = n % 10 === 0 ? 0 : n * 100;
  const product = paid ? PRODUCTS[n % 3]! : '';
  return {
    at: Date.parse(START) + n * 12 * HOUR,
    name,
    product,
    closed: n % 5 === 0,
    paid,
    earned: paid / 10,
  };
}

const ALL = Array.from({ length: 36 }, (_, at) => known(at + 1));

async function tellOfAll(stage: Stage, affiliate: Client): Promise<void> {
  const { hooks } = stage.portal.program;
  const cookie = await stage.acts.click(affiliate, '');
  stage.clock.advance({ days: 40 });
  for (const [index, { at, name, product, closed, paid }] of ALL.entries()) {
    const id = String(1001 + index);
    const [firstname = '', lastname = ''] = name.split(' ');
    const email = `referral${id}@example.org`;
    await hooks.ClientAdd({ client_id: id, firstname, lastname, email, language: 'english', cookie, at });
    if (paid) {
      const amount = `${paid / 100}.00`;
      const items = [
        { id, type: 'Hosting', amount, description: product, productid: product, productname: product },
      ];
      const invoice = { userid: id, currency: 'USD', total: amount, items };
      await hooks.InvoicePaid({ invoiceid: id, invoice, at: at + HOUR });
    }
    if (closed) await hooks.ClientClose({ userid: id, at: at + 2 * HOUR });
  }
}

const dollars = (cents: number) => (cents / 100).toLocaleString('en', { style: 'currency', currency: 'USD' });
const day = (at: number) =>
  new Date(at).toLocaleDateString('en', { dateStyle: 'medium', timeZone: 'UTC' }).replaceAll('\u202f', ' ');

const shown = ({ at, name, product, closed, paid, earned }: Known) => ({
  'Signed up': day(at),
  Name: name,
  Product: product || 'Nothing yet',
  Status: closed ? 'Closed' : 'Active',
  Paid: dollars(paid),
  Earned: dollars(earned),
  'Last commission': paid ? day(at + HOUR) : 'None yet',
});

const total = (rows: readonly Known[]) => [
  'Total',
  dollars(rows.reduce((sum, { paid }) => sum + paid, 0)),
  dollars(rows.reduce((sum, { earned }) => sum + earned, 0)),
];

const newestFirst = (rows: readonly Known[]) => [...rows].sort((a, b) => b.at - a.at);

/** Reads this page of the list and all that follow. */
async function readsAllPages(person: Person) {
  const pages = [];
  for (;;) {
    pages.push((await person.readsReferrals()).rows);
    if (!(await person.link('Next page').count())) return pages;
    await person.follow('Next page');
  }
}

describeJourneys('The table of referrals', { clearingDays: 0 }, (stage, database) => {
  let ann: Person;
  let account: Client;

  beforeAll(async () => {
    account = await stage.affiliate('Ann');
    await tellOfAll(stage, account);
  }, 120_000);
  beforeEach(async () => {
    ann = await stage.signedIn(account);
  });

  it('shows 25 to a page, the newest first, with the total of all', async () => {
    await ann.open('/m/affiliates');
    await ann.sees('36 referrals');
    expect((await ann.readsReferrals()).total).toEqual(total(ALL));
    const pages = await readsAllPages(ann);
    expect(pages.map((rows) => rows.length)).toEqual([25, 11]);
    expect(pages.flat()).toEqual(newestFirst(ALL).map(shown));
    await ann.follow('Previous page');
    expect((await ann.readsReferrals()).rows).toEqual(pages[0]);
  });

  it.each<[string, (row: Known) => string | number]>([
    ['Signed up', ({ at }) => at],
    ['Name', ({ name }) => name],
    ['Product', ({ product }) => product],
    ['Status', ({ closed }) => (closed ? 'closed' : 'active')],
    ['Paid', ({ paid }) => paid],
    ['Earned', ({ earned }) => earned],
    ['Last commission', ({ paid, at }) => (paid ? at : 0)],
  ])('is sorted by %s in both directions, through all pages', async (column, valueOf) => {
    const header = ann.page.getByRole('columnheader', { name: column });
    const known = new Map(ALL.map((row) => [JSON.stringify(shown(row)), row]));
    const read = async () => {
      const rows = (await readsAllPages(ann)).flat().map((row) => known.get(JSON.stringify(row))!);
      expect(new Set(rows).size).toBe(ALL.length);
      return rows.map(valueOf);
    };
    await ann.open(`/m/affiliates?sort=${column === 'Name' ? 'paid' : 'name'}`);
    await ann.leave(header.getByRole('link'));
    const first = await header.getAttribute('aria-sort');
    const rising = (one: string | number, other: string | number) => (one < other ? -1 : one > other ? 1 : 0);
    const falling = (one: string | number, other: string | number) => rising(other, one);
    const values = await read();
    expect(values).toEqual([...values].sort(first === 'ascending' ? rising : falling));
    await ann.leave(header.getByRole('link'));
    expect(await header.getAttribute('aria-sort')).toBe(first === 'ascending' ? 'descending' : 'ascending');
    const start = (await ann.readsReferrals()).rows.map((row) => valueOf(known.get(JSON.stringify(row))!));
    expect(start).toEqual([...values].sort(first === 'ascending' ? falling : rising).slice(0, 25));
  });

  it.each<[string, () => Promise<unknown>, (row: Known) => boolean]>([
    ['status', () => ann.field('Status').selectOption('closed'), ({ closed }) => closed],
    [
      'date range',
      () => ann.fill({ From: '2026-03-10', To: '2026-03-12' }),
      ({ at }) => at >= Date.parse('2026-03-10') && at < Date.parse('2026-03-13'),
    ],
    ['minimum', () => ann.fill({ 'Earned at least': '1.50' }), ({ earned }) => earned >= 150],
    ['text', () => ann.fill({ Search: 'mail' }), ({ product }) => product === 'Mail Box'],
    [
      'all of these',
      async () => {
        await ann.field('Status').selectOption('active');
        await ann.fill({ From: '2026-03-05', 'Earned at least': '1.00', Search: 'VPS' });
      },
      ({ at, earned, product, closed }) =>
        !closed && at >= Date.parse('2026-03-05') && earned >= 100 && product === 'Cloud VPS',
    ],
  ])(
    'is filtered by %s, with the total of what is left, at an address to keep',
    async (_what, fill, fits) => {
      // With JavaScript the list would follow before the button is pressed.
      ann = await stage.signedIn(account, { javaScript: false });
      await ann.open('/m/affiliates');
      await fill();
      await ann.press('Show');
      const expected = ALL.filter(fits);
      expect(expected.length).toBeGreaterThan(0);
      const list = await ann.readsReferrals();
      expect(list).toEqual({ rows: newestFirst(expected).slice(0, 25).map(shown), total: total(expected) });
      const bookmark = new URL(ann.page.url());
      await ann.open(bookmark.pathname + bookmark.search);
      expect(await ann.readsReferrals()).toEqual(list);
      await ann.follow('Clear filter');
      await ann.sees('36 referrals');
    },
  );

  it('keeps the filter while it is sorted and paged', async () => {
    await ann.open('/m/affiliates?status=active&sort=earned&dir=asc');
    await ann.follow('Next page');
    await ann.leave(ann.page.getByRole('columnheader', { name: 'Paid' }).getByRole('link'));
    const { rows, total: shownTotal } = await ann.readsReferrals();
    expect(rows).toHaveLength(25);
    expect(rows.every((row) => row['Status'] === 'Active')).toBe(true);
    expect(shownTotal).toEqual(total(ALL.filter(({ closed }) => !closed)));
  });

  it('is filtered while one types, and the address says so', async () => {
    await ann.open('/m/affiliates');
    await ann.field('Search').fill('mail');
    await ann.page.waitForURL(/[?&]q=mail/);
    const expected = newestFirst(ALL.filter(({ product }) => product === 'Mail Box'));
    expect((await ann.readsReferrals()).rows).toEqual(expected.map(shown));
    await ann.field('Search').fill('nobody at all');
    await ann.sees('No referral matches this filter.');
  });

  it('says which field of the filter it cannot read, and shows the rest', async () => {
    await ann.open('/m/affiliates?from=yesterday&min=lots');
    await ann.sees('“From” is not a date.');
    await ann.sees('“Earned at least” is not an amount.');
    await ann.sees('36 referrals');
  });

  it('is the same for staff', async () => {
    const staff = await stage.staff();
    await staff.open('/staff/m/affiliates?page=affiliates');
    await staff.leave(staff.page.locator('.aff-table tbody a').first());
    await staff.field('Status').selectOption('closed');
    await staff.press('Show', '#referrals');
    expect((await staff.readsReferrals()).total).toEqual(total(ALL.filter(({ closed }) => closed)));
  });

  it(`knows no client of ${database.name} but the affiliate's own`, async () => {
    const other = await stage.signedIn(await stage.affiliate('Bob'));
    await other.open('/m/affiliates?status=closed');
    await other.sees('No referral matches this filter.');
  });
});
