/** Terms as staff read, try out and change them. */
import { A_FORM, aClient, closePrograms, givenProgram, STAFF, textOf, unescaped } from './given';

const TERMS = { page: 'terms' };
const GROUP = {
  scope: 'productGroup',
  scopeKey: 'gold',
  rate: '',
  recurring: 'every',
  clearingDays: '',
  from: '',
  terms:
    'rate: {by: payments, steps: [{upTo: 3, rate: 40%}, {rate: 20%}]}\nlimits: {lineMaximum: 50.00}\nwhen: {field: quantity, operator: atLeast, value: 2}',
};
const SENTENCES =
  'Product group gold Earns by the referral’s payments: 40% of the amount up to number 3 and 20% of the amount after that. ' +
  'Every payment earns. At most $50.00 for a line. Only where the quantity is at least 2.';

afterEach(closePrograms);

describe('the staff page of terms', () => {
  it('numbers the scopes as they will be asked', async () => {
    const order = 'product,affiliate,group,coupon,campaign,productGroup,kind';
    const { read } = await givenProgram({ termsOrder: order });
    const { html } = await read(STAFF, TERMS);
    expect(textOf(/<ol>.*?<\/ol>/s.exec(html)?.[0] ?? '')).toBe(
      'Product Affiliate Group of affiliates Coupon Campaign Product group Kind of line Program',
    );
  });

  it('reads terms back in sentences without saving them, then saves them', async () => {
    const { read, send } = await givenProgram();
    const preview = await send(STAFF, TERMS, { ...GROUP, preview: '1' });
    expect(preview.status).toBe(200);
    expect(textOf(preview.html)).toContain(`Not saved yet: this is what the terms would say ${SENTENCES}`);
    expect(preview.html).toContain('<option value="productGroup" selected>');
    expect(textOf((await read(STAFF, TERMS)).html)).not.toContain('Product group gold');
    expect((await send(STAFF, TERMS, GROUP)).status).toBe(303);
    expect(textOf((await read(STAFF, TERMS)).html)).toContain(SENTENCES);
  });

  it('fills in the form so that saving it again says the same', async () => {
    const { read, send } = await givenProgram();
    await send(STAFF, TERMS, GROUP);
    const { html } = await read(STAFF, { ...TERMS, scope: 'productGroup', key: 'gold' });
    const terms = unescaped(/<textarea[^>]*>(.*?)<\/textarea>/s.exec(html)?.[1] ?? '');
    const preview = await send(STAFF, TERMS, { ...GROUP, terms, preview: '1' });
    expect(textOf(preview.html)).toContain(`would say ${SENTENCES}`);
  });

  it('shows terms of a later day apart, and refuses a past one', async () => {
    const { read, send } = await givenProgram();
    const later = { scope: 'product', scopeKey: '4', rate: '0%', from: '2026-02-01' };
    const saved = await send(STAFF, TERMS, later);
    expect(saved.status).toBe(303);
    expect(saved.headers['location']).toContain('done=terms_planned');
    const text = textOf((await read(STAFF, TERMS)).html);
    expect(text).toMatch(/From a later day .* Product 4 Earns 0% of the amount\. Feb 1, 2026/);
    const past = await send(STAFF, TERMS, { ...later, from: '2026-01-09' });
    expect(past.status).toBe(422);
    expect(past.html).toMatch(/id="aff-from"[^>]*aria-invalid="true"/);
  });

  it.each([
    ['limits: {lineMax: 5.00}', 'there is no “limits.lineMax”'],
    ['limits: {lineMaximum: much}', '“limits.lineMaximum”'],
    ['shares: [10%\nwhen', 'look at line'],
    ['rate: 5%', '“rate” is said both in its field and in the text.'],
    ['- scope: program', 'The text must name parts of the terms'],
  ])('says what is wrong in “%s”, and keeps it', async (terms, problem) => {
    const { send } = await givenProgram();
    const refused = await send(STAFF, TERMS, { ...GROUP, rate: '10%', terms });
    expect(refused.status).toBe(422);
    expect(refused.html).toMatch(/id="aff-terms"[^>]*aria-invalid="true"/);
    expect(textOf(refused.html)).toContain(problem);
    expect(unescaped(refused.html)).toContain(terms);
  });

  it.each([
    ['affiliate', '99'],
    ['affiliate', 'nobody'],
    ['affiliate', '01'],
    ['group', 'gold'],
  ])('refuses %s %s, who is not there, saved or only tried out', async (scope, scopeKey) => {
    const { read, send } = await givenProgram();
    for (const preview of ['', '1']) {
      const refused = await send(STAFF, TERMS, { scope, scopeKey, rate: '10%', preview });
      expect(refused.status).toBe(422);
      expect(refused.html).toMatch(/name="scopeKey"[^>]*aria-invalid="true"/);
    }
    expect(textOf((await read(STAFF, TERMS)).html)).not.toContain(scopeKey);
  });

  it.each(['10% per unit', '5.00 XXQ', '5.50 JPY per unit'])(
    'refuses the rate “%s”, and says where',
    async (rate) => {
      const { send } = await givenProgram();
      const refused = await send(STAFF, TERMS, { scope: 'product', scopeKey: '4', rate });
      expect(refused.status).toBe(422);
      expect(refused.html).toMatch(/name="rate"[^>]*aria-invalid="true"/);
    },
  );

  it('escapes what is typed, and is for staff with their token alone', async () => {
    const { read, send } = await givenProgram();
    const evil = '<script>alert(1)</script>';
    await send(STAFF, TERMS, { scope: 'campaign', scopeKey: evil, rate: '5%' });
    const terms = `when: {field: campaign, operator: is, value: "${evil}"}`;
    const { html } = await send(STAFF, TERMS, { ...GROUP, scopeKey: evil, terms, preview: '1' });
    expect(html).not.toContain(evil);
    expect(textOf(html)).toContain(`the campaign is “${evil}”`);
    const body = { ...A_FORM, ...GROUP };
    expect((await read(aClient('12'), TERMS, { method: 'POST', body })).status).toBe(404);
    const tokenless = { ...body, _csrf: 'another' };
    expect((await read(STAFF, TERMS, { method: 'POST', body: tokenless })).status).toBe(403);
  });
});
