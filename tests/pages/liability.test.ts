/** What the program owes, for staff. */
import { text } from 'node:stream/consumers';
import { aClient, closePrograms, codeIn, givenProgram, STAFF, textOf, unescaped } from './given';

const LIABILITY = { page: 'liability' };

afterEach(closePrograms);

/** Anna is owed $10.00 since January and $5.00 since February, Ben $7.00 since February; it is the 3rd of March. */
async function lived() {
  const given = await givenProgram();
  await given.enrol('12');
  await given.referral('12', { id: '501', pays: '100.00' });
  given.clock.set('2026-02-10T10:00:00Z');
  await given.referral('12', { id: '502', pays: '50.00' });
  await given.enrol('13');
  await given.referral('13', { id: '503', pays: '70.00' });
  given.clock.set('2026-03-03T10:00:00Z');
  const code = async (client: string) => codeIn((await given.read(aClient(client))).html);
  return { ...given, anna: await code('12'), ben: await code('13') };
}

describe('the liability', () => {
  it('says what is owed, by account, age and affiliate', async () => {
    const { read, anna, ben } = await lived();
    const page = await read(STAFF, LIABILITY);
    const said = textOf(page.html);
    expect(page.title).toBe('What was owed at the end of Mar 3, 2026');
    expect(said).toContain('0–30 days 31–60 days 61–90 days 91–180 days Over 180 days Owed');
    expect(said).toContain('Clearing $0.00 $0.00 $0.00 $0.00 $0.00 $0.00');
    expect(said).toContain('Cleared $12.00 $10.00 $0.00 $0.00 $0.00 $22.00');
    expect(said).toContain('Owed $12.00 $10.00 $0.00 $0.00 $0.00 $22.00');
    expect(said).toContain(`${anna} $5.00 $10.00 $0.00 $0.00 $0.00 $15.00 $0.00`);
    expect(said.indexOf(anna)).toBeLessThan(said.indexOf(ben));
    expect(said).not.toContain('carry debts');
    expect(unescaped(page.html)).toMatch(/page=statement&currency=USD&month=2026-03&id=\d+/);
  });

  it('says it of any day that is over, and is found from the overview', async () => {
    const { read, anna, ben } = await lived();
    const page = await read(STAFF, { ...LIABILITY, day: '2026-02-09' });
    expect(page.title).toBe('What was owed at the end of Feb 9, 2026');
    expect(textOf(page.html)).toContain(`${anna} $10.00 $0.00`);
    expect(page.html).not.toContain(ben);
    expect(textOf((await read(STAFF, { ...LIABILITY, day: '2025-01-01' })).html)).toContain(
      'Nothing was owed.',
    );
    expect((await read(STAFF)).html).toContain('page&#x3D;liability');
  });

  it.each([
    ['2026-02-30', 'is not a date'],
    ["2026-01-01' OR 1=1", 'is not a date'],
    ['2026-03-04', 'is still to come'],
  ])('shows today in place of %s, and says why', async (day, sentence) => {
    const { read } = await lived();
    const page = await read(STAFF, { ...LIABILITY, day });
    expect([page.status, page.title]).toEqual([200, 'What was owed at the end of Mar 3, 2026']);
    expect(textOf(page.html)).toContain(sentence);
    expect(page.html).toContain('aria-invalid="true"');
  });

  it('shows carried debts apart', async () => {
    const { read, program, send, anna } = await lived();
    await given500(program);
    await send(aClient('12'), { page: 'withdraw' }, { method: 'paypal', details: 'me' });
    const list = unescaped((await read(STAFF, { page: 'withdrawals' })).html);
    const id = /page=withdrawal&id=(\w+)/.exec(list)?.[1] ?? '';
    await send(STAFF, { page: 'withdrawal', id }, { decision: 'approve', transactionId: 'PP-1' });
    await program.hooks.InvoiceRefunded({
      invoiceid: 'large',
      currency: 'USD',
      refundid: '1',
      amount: '500.00',
    });
    const said = textOf((await read(STAFF, LIABILITY)).html);
    expect(said).toContain('affiliates carry debts of $50.00');
    expect(said).toContain(`${anna} $0.00 $0.00 $0.00 $0.00 $0.00 $0.00 $50.00`);
  });

  it('is downloaded as CSV, with everything of everybody', async () => {
    const { read, anna, ben } = await lived();
    const page = await read(STAFF, { ...LIABILITY, day: '2026-03-02', format: 'csv' });
    expect(page.headers['content-disposition']).toBe('attachment; filename="liability-2026-03-02-USD.csv"');
    expect(await text(page.body!)).toBe(
      [
        '\ufeffday,affiliate,client,currency,owed,clearing,cleared,reserved,days_0_30,days_31_60,days_61_90,days_91_180,days_older,debt',
        `2026-03-02,${anna},12,USD,15.00,0.00,15.00,0.00,5.00,10.00,0.00,0.00,0.00,0.00`,
        `2026-03-02,${ben},13,USD,7.00,0.00,7.00,0.00,7.00,0.00,0.00,0.00,0.00,0.00`,
        '',
      ].join('\r\n'),
    );
  });

  it('is listed in pages', async () => {
    const given = await givenProgram();
    for (let client = 100; client < 127; client++) {
      await given.enrol(String(client));
      await given.referral(String(client), { id: String(client + 400), pays: `${client}.00` });
    }
    const rows = (html: string) => html.match(/page&#x3D;statement/g)?.length;
    const first = await given.read(STAFF, LIABILITY);
    expect(rows(first.html)).toBe(25);
    expect(unescaped(first.html)).toMatch(/rel="next" href="[^"]*first=25"/);
    const second = await given.read(STAFF, { ...LIABILITY, first: '25' });
    expect(rows(second.html)).toBe(2);
    expect(unescaped(second.html)).toMatch(/rel="prev" href="[^"]*first=0"/);
    expect(rows((await given.read(STAFF, { ...LIABILITY, first: '-1' })).html)).toBe(25);
    expect(rows((await given.read(STAFF, { ...LIABILITY, first: '1e9' })).html)).toBe(25);
  });

  it('is for staff alone', async () => {
    const { read, program } = await lived();
    for (const format of ['', 'csv']) {
      const query = { ...LIABILITY, format };
      expect((await read(aClient('12'), query)).status).toBe(404);
      const request = { who: aClient('12'), locale: 'en', method: 'GET', query, body: {} } as const;
      const place = { base: '/', assets: '/', csrf: { field: '', token: '' } };
      const page = await program.pages.staff({ ...request, ...place });
      expect([page.status, page.body]).toEqual([403, undefined]);
    }
  });
});

async function given500({ hooks }: Awaited<ReturnType<typeof lived>>['program']): Promise<void> {
  const items = [
    { id: '1', type: 'Hosting', relid: '9', amount: '500.00', productid: '1', productname: 'VPS' },
  ];
  const invoice = { userid: '501', currency: 'USD', total: '500.00', items };
  await hooks.InvoicePaid({ invoiceid: 'large', invoice });
}
