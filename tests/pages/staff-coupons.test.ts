/** Coupon codes as staff give them to affiliates and end them, and as affiliates see their own. */
import { A_FORM, aClient, closePrograms, givenProgram, STAFF, textOf, unescaped } from './given';

const COUPONS = { page: 'coupons' };
const CODE = { code: 'SAVE10', affiliateId: '1', on: '1' };

afterEach(closePrograms);

describe('the staff page of coupons', () => {
  it('gives a code, says whose it is and what it brought, and leads to its terms', async () => {
    const { read, send, enrol, program } = await givenProgram();
    await enrol('12');
    expect(textOf((await read(STAFF, COUPONS)).html)).toContain('No affiliate has a coupon code yet.');
    const given = await send(STAFF, COUPONS, CODE);
    expect(given.headers['location']).toContain('page=coupons&done=coupon_given');
    const line = { id: '1', type: 'service', relid: '1', amount: '9.00', productid: '1', productname: 'Web' };
    const invoice = { userid: '500', currency: 'USD', total: '9.00', promocode: 'save10', items: [line] };
    await program.hooks.InvoicePaid({ invoiceid: '1', invoice });
    const { html } = await read(STAFF, COUPONS);
    expect(textOf(html)).toMatch(/save10 \w+ Since Jan 10, 2026 1 Terms save10 End save10/);
    expect(unescaped(html)).toContain('page=terms&key=save10&scope=coupon#aff-terms-form');
  });

  it('ends a code, and fills in the form to give it again', async () => {
    const { read, send, enrol } = await givenProgram();
    await enrol('12');
    await send(STAFF, COUPONS, CODE);
    const ended = await send(STAFF, COUPONS, { ...CODE, on: '' });
    expect(ended.headers['location']).toContain('done=coupon_ended');
    expect(textOf((await read(STAFF, COUPONS)).html)).toContain(
      'Ended on Jan 10, 2026 0 Terms save10 Give again',
    );
    const { html } = await read(STAFF, { ...COUPONS, code: 'save10', affiliate: '1' });
    expect(html).toMatch(/name="code"[^>]*value="save10"/);
    expect(html).toMatch(/name="affiliateId"[^>]*value="1"/);
  });

  it.each([
    ['code', ''],
    ['code', 'x'.repeat(65)],
    ['affiliateId', '99'],
    ['affiliateId', 'Anna'],
  ])('refuses a wrong %s, “%s”, and says where', async (field, value) => {
    const { send } = await givenProgram();
    const refused = await send(STAFF, COUPONS, { ...CODE, [field]: value });
    expect(refused.status).toBe(422);
    expect(refused.html).toMatch(new RegExp(`id="aff-${field}"[^>]*aria-invalid="true"`));
  });

  it('refuses a code that is another affiliate’s', async () => {
    const { send, enrol } = await givenProgram();
    for (const client of ['12', '13']) await enrol(client);
    await send(STAFF, COUPONS, CODE);
    const refused = await send(STAFF, COUPONS, { ...CODE, affiliateId: '2' });
    expect(refused.status).toBe(422);
    expect(textOf(refused.html)).toContain('The code save10 is another affiliate’s. End it there first.');
  });

  it('shows an affiliate its own codes alone, escaped, and staff the same', async () => {
    const { read, send, enrol } = await givenProgram();
    for (const client of ['12', '13']) await enrol(client);
    await send(STAFF, COUPONS, { ...CODE, code: '<b>spring</b>' });
    const { html } = await read(aClient('12'));
    expect(html).not.toContain('<b>spring');
    expect(textOf(html)).toMatch(/Your coupon codes .* <b>spring<\/b>/);
    expect(textOf((await read(aClient('13'))).html)).not.toContain('spring');
    const staffs = await read(STAFF, { page: 'affiliate', id: '1' });
    expect(textOf(staffs.html)).toContain('Coupon codes: <b>spring</b>');
    expect(textOf((await read(STAFF, { page: 'affiliate', id: '2' })).html)).toContain('No coupon code.');
  });

  it('is for staff with their token alone', async () => {
    const { read } = await givenProgram();
    const body = { ...A_FORM, ...CODE };
    expect((await read(aClient('12'), COUPONS, { method: 'POST', body })).status).toBe(404);
    const tokenless = { ...body, _csrf: 'another' };
    expect((await read(STAFF, COUPONS, { method: 'POST', body: tokenless })).status).toBe(403);
  });
});
