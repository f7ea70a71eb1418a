/** The statement on paper, read back out of the file. */
import { buffer } from 'node:stream/consumers';
import { piecesOf } from '../../pages/pdf/bidi';
import { readPdf, type PdfText } from '../support/pdf';
import { aClient, closePrograms, givenProgram, STAFF, type GivenProgram } from './given';

const ANNA = aClient('12');
const FEBRUARY = { page: 'statement', month: '2026-02', format: 'pdf' };
const backwards = (text: string) => [...text].reverse().join('');

afterEach(closePrograms);

/** $10.00 earned in January and cleared in February, and $5.00 earned in February for a product named so. */
async function lived(product: string): Promise<GivenProgram> {
  const given = await givenProgram({ clearingDays: 5, programName: 'Nimbus Affiliates' });
  await given.enrol('12');
  await given.referral('12', { id: '501', pays: '100.00' });
  given.clock.set('2026-02-10T10:00:00Z');
  await given.program.daily();
  await given.referral('12', { id: '502', firstname: 'Bob', lastname: 'Young', pays: '50.00', product });
  given.clock.set('2026-03-03T10:00:00Z');
  return given;
}

async function pdfOf({ read }: GivenProgram, locale: string): Promise<PdfText> {
  const page = await read(ANNA, FEBRUARY, { locale });
  return readPdf(await buffer(page.body!));
}

describe('the statement as PDF', () => {
  it('is a file with the same opening, entries and closing as the page', async () => {
    const given = await lived('VPS');
    const page = await given.read(ANNA, FEBRUARY);
    expect(page.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': expect.stringMatching(
        /^attachment; filename="statement-[a-z0-9]+-2026-02-USD\.pdf"$/,
      ) as string,
    });
    const file = await buffer(page.body!);
    expect(file.subarray(0, 5).toString()).toBe('%PDF-');
    const [text] = readPdf(file).pages;
    expect(text).toMatch(
      /Statement for February 2026\nNimbus Affiliates, affiliate \w+, amounts in USD; made on/,
    );
    expect(text).toContain('Opening balance\n$10.00\n$0.00\n$0.00\n$10.00\n$0.00');
    expect(text).toContain('Closing balance\n$5.00\n$10.00\n$0.00\n$15.00\n$0.00');
    expect(text).toContain('Feb 10, 2026\nCommission earned\nB. Y.\n · \nVPS\n$5.00\n$15.00');
    expect(text).toContain('Page 1');
  });

  it('writes German with its letters and signs', async () => {
    const { pages } = await pdfOf(await lived('Größe XL für Łódź'), 'de');
    expect(pages[0]).toContain('Abrechnung für Februar 2026');
    expect(pages[0]).toContain('B. Y.\n · \nGröße XL für Łódź\n5,00');
    expect(pages[0]).toMatch(/Endsaldo\n5,00\s\$\n10,00\s\$/);
    expect(pages[0]).not.toContain('\ufffd');
  });

  it('writes Arabic from right to left with its letters joined, and numbers in it from left to right', async () => {
    const { pages, shapesOf } = await pdfOf(await lived('استضافة VPS 2'), 'ar');
    // As it stands on paper, from left to right.
    expect(pages[0]).toContain(backwards('كشف حساب فبراير '));
    expect(pages[0]).toContain(backwards('الرصيد الختامي'));
    expect(pages[0]).toMatch(/\n5\.00\sUS\$\n10\.00\sUS\$/);
    expect(pages[0]).toContain('VPS 2');
    expect(pages[0]).toContain(backwards('استضافة'));
    expect(shapesOf('ع')).toBeGreaterThan(1);
    expect(pages[0]).not.toContain('\ufffd');
  });

  it('goes on to further pages, says on each what its columns are, and gives all entries as they are written', async () => {
    const given = await lived('VPS');
    const items = Array.from({ length: 401 }, (_, index) => ({
      id: index,
      type: 'Hosting',
      relid: String(index),
      amount: '1.00',
      productid: '1',
      productname: 'Add-on',
    }));
    const invoice = { userid: '501', currency: 'USD', total: '401.00', items };
    for (const invoiceid of ['A', 'B', 'C']) await given.program.hooks.InvoicePaid({ invoiceid, invoice });
    const page = await given.read(ANNA, { ...FEBRUARY, month: '2026-03' });
    const chunks: Buffer[] = [];
    for await (const chunk of page.body!) chunks.push(chunk as Buffer);
    const { pages } = readPdf(Buffer.concat(chunks));
    expect(pages.length).toBeGreaterThan(10);
    // A page goes out when the next one begins; nothing waits for the end but the fonts.
    expect(chunks.length).toBeGreaterThan(pages.length);
    expect(pages[5]).toMatch(/^Date\nWhat happened\nReferral\nIn\nOut\nBalance\n/);
    expect(pages[5]).toContain('Page 6');
    expect(pages.join('\n').match(/Add-on/g)).toHaveLength(1203);
    expect(pages[0]).toMatch(/Balance so far\n\$125\.30\n/);
  });

  it('is made for staff as well', async () => {
    const given = await lived('VPS');
    const { html } = await given.read(STAFF, { page: 'affiliates' });
    const id = /id&#x3D;(\d+)/.exec(html)?.[1] ?? '';
    const page = await given.read(STAFF, { ...FEBRUARY, id });
    expect(readPdf(await buffer(page.body!)).pages[0]).toContain('Closing balance');
  });
});

describe('text on paper', () => {
  it.each([
    ['left to right alone', 'ltr', 'Rate: 10%', ['Rate: 10%']],
    ['a number within Arabic', 'rtl', 'مارس 2026', ['2026', 'مارس ']],
    ['brackets within Arabic', 'rtl', '«قيد» (نعم)', ['»قيد« )نعم(']],
    ['Latin within Arabic', 'rtl', 'عمولة VPS', ['VPS', 'عمولة ']],
    ['Arabic within Latin', 'ltr', 'for علي here', ['for ', 'علي', ' here']],
    ['an amount that is kept apart', 'rtl', 'من \u2066-5.00 US$\u2069', ['-5.00 US$', 'من ']],
    ['Arabic digits', 'rtl', 'عدد ٠١٢', ['٢١٠', 'عدد ']],
    ['nothing', 'ltr', '', []],
  ] as const)('is put in pieces for a font to shape: %s', (_what, direction, text, pieces) => {
    expect(piecesOf(text, direction)).toEqual(pieces);
  });
});
