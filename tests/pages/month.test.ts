/** The statement of a month as a page and as CSV, for its affiliate and for staff. */
import { text } from 'node:stream/consumers';
import type { Page } from '../../index';
import { aClient, closePrograms, givenProgram, STAFF, textOf, unescaped, type GivenProgram } from './given';

const ANNA = aClient('12');
const STATEMENT = { page: 'statement' };
const BOM = '\ufeff';

afterEach(closePrograms);

/** An affiliate with $10.00 earned in January, $5.00 in February, and nothing since; it is March. */
async function lived(settings: Parameters<typeof givenProgram>[0] = {}): Promise<GivenProgram> {
  const given = await givenProgram({ clearingDays: 5, ...settings });
  await given.enrol('12');
  await given.referral('12', { id: '501', pays: '100.00' });
  given.clock.set('2026-02-10T10:00:00Z');
  await given.program.daily();
  await given.referral('12', { id: '502', firstname: 'Bob', lastname: 'Young', pays: '50.00' });
  given.clock.set('2026-03-03T10:00:00Z');
  return given;
}

const linkIn = ({ html }: Page, rel: string) =>
  unescaped(new RegExp(`rel="${rel}" href="([^"]*)"`).exec(html)?.[1] ?? '');
const affiliateId = async ({ read }: GivenProgram) =>
  /page=affiliate&id=(\d+)/.exec(unescaped((await read(STAFF, { page: 'affiliates' })).html))?.[1] ?? '';
const linesOf = (csv: string) => csv.replace(BOM, '').trimEnd().split('\r\n');

describe('the statement of a month', () => {
  it('opens, says what happened, and closes', async () => {
    const { read } = await lived();
    const page = await read(ANNA, { ...STATEMENT, month: '2026-02' });
    const said = textOf(page.html);
    expect(page.title).toBe('Statement for February 2026');
    expect(said).toMatch(
      /Opening balance \$10\.00 \$0\.00 \$0\.00 \$10\.00 \$0\.00 .*Closing balance \$5\.00 \$10\.00 \$0\.00 \$15\.00 \$0\.00/,
    );
    expect(said).toMatch(/Commission cleared 1 entry -\$10\.00 \+\$10\.00 \$0\.00 \$0\.00 \$0\.00/);
    expect(said).toMatch(/Commission earned 1 entry \+\$5\.00 \$0\.00 \$0\.00 \+\$5\.00/);
    expect(said).toMatch(
      /Feb 10, 2026 Commission cleared \$10\.00 from “Clearing” to “Cleared” J\. D\. · Web Hosting Why\? Commission cleared \$10\.00 Feb 10, 2026 Commission earned B\. Y\. · Web Hosting Why\? Commission earned \$5\.00 \$15\.00/,
    );
    expect(said).toContain('This month is over.');
  });

  it('leads from month to month, from the first entry’s to the present one', async () => {
    const { read } = await lived();
    const present = await read(ANNA, STATEMENT);
    expect(present.title).toBe('Statement for March 2026');
    expect(textOf(present.html)).toMatch(/Opening balance .* Balance so far .* not over yet/);
    expect(textOf(present.html)).toContain('Nothing was posted in this month.');
    expect(linkIn(present, 'next')).toBe('');
    expect(linkIn(present, 'prev')).toBe('/index.php?m=affiliates&page=statement&month=2026-02');
    const january = await read(ANNA, { ...STATEMENT, month: '2026-01' });
    expect(linkIn(january, 'prev')).toBe('');
    expect(linkIn(january, 'next')).toContain('month=2026-02');
    expect(unescaped(present.html)).toContain('<option value="2026-01">January 2026</option>');
    expect((await read(ANNA)).html).toContain('page&#x3D;statement');
  });

  it.each(['2026-13', '0000-01', '99999-01', 'march', '2026-3', "2026-01' OR 1=1"])(
    'of a month that is none (%s) is that of the present one',
    async (month) => {
      const { read } = await lived();
      const page = await read(ANNA, { ...STATEMENT, month });
      expect([page.status, page.title]).toEqual([200, 'Statement for March 2026']);
    },
  );

  it('is kept per currency', async () => {
    const given = await lived();
    await given.referral('12', { id: '503', pays: '70.00', currency: 'EUR' });
    const euros = await given.read(ANNA, { ...STATEMENT, currency: 'EUR' });
    expect(textOf(euros.html)).toMatch(/Opening balance €0\.00 .* Balance so far €7\.00/);
    expect(linkIn(euros, 'prev')).toBe('');
    expect(textOf((await given.read(ANNA, STATEMENT)).html)).toMatch(/Balance so far \$5\.00 \$10\.00/);
  });

  it('turns pages where there are many entries, each going on with the balance', async () => {
    const { program, read } = await lived();
    const items = Array.from({ length: 60 }, (_, index) => ({
      id: index,
      type: 'Hosting',
      relid: String(index),
      amount: '10.00',
      productid: '1',
      productname: 'Add-on',
    }));
    const invoice = { userid: '501', currency: 'USD', total: '600.00', items };
    await program.hooks.InvoicePaid({ invoiceid: 'many', invoice });
    const first = await read(ANNA, STATEMENT);
    const cursor = /cursor=([^"&]*)/.exec(unescaped(first.html))?.[1] ?? '';
    const second = await read(ANNA, { ...STATEMENT, cursor });
    expect(first.html.match(/id="entry-/g)).toHaveLength(50);
    expect(second.html.match(/id="entry-/g)).toHaveLength(10);
    expect(textOf(first.html)).toMatch(/\$1\.00 \$65\.00 Previous|\$1\.00 \$65\.00 Next page/);
    expect(textOf(second.html)).toMatch(/Add-on Why\? Commission earned \$1\.00 \$66\.00/);
    expect(textOf(second.html)).toMatch(/Commission earned 60 entries .* Balance so far \$65\.00/);
  });

  it('says on which day it happened where it was posted on another', async () => {
    const { program, read } = await lived();
    const line = {
      id: 'l',
      type: 'Hosting',
      relid: '9',
      amount: '20.00',
      productid: '1',
      productname: 'VPS',
    };
    const invoice = { userid: '501', currency: 'USD', total: '20.00', items: [line] };
    await program.hooks.InvoicePaid({ invoiceid: 'late', invoice, at: '2026-02-27T10:00:00Z' });
    expect(textOf((await read(ANNA, STATEMENT)).html)).toMatch(
      /Mar 3, 2026 Commission earned Happened on Feb 27, 2026 J\. D\. · VPS Why\? Commission earned \$2\.00 \$17\.00/,
    );
  });

  it('is nobody’s but the affiliate’s own, whatever the address says', async () => {
    const given = await lived();
    await given.enrol('13');
    const id = await affiliateId(given);
    for (const format of ['', 'csv', 'pdf']) {
      const query = { ...STATEMENT, id, affiliateId: id, clientId: '12', month: '2026-02', format };
      const other = await given.read(aClient('13'), query);
      const said = other.html + (other.body ? await text(other.body) : '');
      expect(other.status).toBe(200);
      expect(said).not.toMatch(/Web Hosting|J\. D\.|5\.00/);
      expect((await given.read(aClient('99'), query)).status).toBe(403);
      expect((await given.read(STAFF, { ...query, id: '999' })).status).toBe(404);
    }
  });

  it('is seen by staff for any affiliate', async () => {
    const given = await lived();
    const id = await affiliateId(given);
    const query = { ...STATEMENT, id, month: '2026-02' };
    const page = await given.read(STAFF, query);
    expect(textOf(page.html)).toMatch(/Client 12 .* Closing balance \$5\.00 \$10\.00/);
    expect(linkIn(page, 'prev')).toBe(`/admin?module=affiliates&page=statement&id=${id}&month=2026-01`);
    expect((await given.read(STAFF, { page: 'affiliate', id })).html).toContain('page&#x3D;statement');
    const csv = await given.read(STAFF, { ...query, format: 'csv' });
    expect(linesOf(await text(csv.body!))).toHaveLength(5);
  });
});

describe('the statement as CSV', () => {
  it('is a file with the whole month, in which every account adds up', async () => {
    const given = await lived({ timeZone: 'Europe/Berlin' });
    const page = await given.read(ANNA, { ...STATEMENT, month: '2026-02', format: 'csv' });
    expect(page.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': expect.stringMatching(
        /^attachment; filename="statement-[a-z0-9]+-2026-02-USD\.csv"$/,
      ) as string,
      'cache-control': 'no-store',
    });
    const csv = await text(page.body!);
    expect(csv.startsWith(BOM)).toBe(true);
    const time = '2026-02-10T11:00:00.000+01:00';
    expect(linesOf(csv)).toEqual([
      'posted,happened,kind,description,referral,product,reason,currency,in,out,balance,clearing,cleared,reserved,withdrawn',
      '2026-02-01T00:00:00.000+01:00,,opening,Opening balance,,,,USD,,,10.00,10.00,0.00,0.00,0.00',
      `${time},${time},clear,Commission cleared,J. D.,Web Hosting,,USD,,,10.00,-10.00,10.00,0.00,0.00`,
      `${time},${time},earn,Commission earned,B. Y.,Web Hosting,,USD,5.00,,15.00,5.00,0.00,0.00,0.00`,
      '2026-03-01T00:00:00.000+01:00,,closing,Closing balance,,,,USD,,,15.00,5.00,10.00,0.00,0.00',
    ]);
  });

  it.each([
    ['=HYPERLINK("https://evil.example")', `"'=HYPERLINK(""https://evil.example"")"`],
    ['+1+1', "'+1+1"],
    ['-1+1', "'-1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1+1', "'=1+1"],
    ['\r=1+1', "'=1+1"],
    [' =1+1', "'=1+1"],
    ['\uff1d1+1', "'\uff1d1+1"],
    ['Web;=1+1', '"Web,=1+1"'],
    ['Web\n=1+1', 'Web =1+1'],
  ])('carries %j as text, and a negative amount as a number', async (product, cell) => {
    const { program, clock, read, enrol, referral } = await givenProgram();
    await enrol('12');
    await referral('12', { id: '501', product, pays: '100.00' });
    clock.advance({ days: 1 });
    await program.hooks.InvoiceRefunded({
      invoiceid: 'invoice-501',
      currency: 'USD',
      refundid: '1',
      amount: '100.00',
    });
    const csv = await text((await read(ANNA, { ...STATEMENT, format: 'csv' })).body!);
    expect(csv).toContain(`,J. D.,${cell},,USD,10.00,,10.00,10.00,0.00,0.00,0.00\r\n`);
    expect(csv).toContain(`,${cell},,USD,,10.00,0.00,0.00,-10.00,0.00,0.00\r\n`);
  });
});
