import { describeOnEachDatabase } from '../support/databases';
import { given, STAFF, requestId, type TestProgram } from '../support/given';
import { expectSound } from '../support/invariants';
import type { PaidInvoice } from '../support/payloads';
import type { TermsChange } from '../../module/events/rules';
import { commissions, findings } from './findings';

const changeTerms = (test: TestProgram, change: Partial<TermsChange>) =>
  test.acts.changeTerms({
    requestId: requestId(),
    staff: STAFF,
    scope: 'program',
    scopeKey: '',
    rate: null,
    recurring: null,
    clearingDays: null,
    ...change,
  });
const percent = (basisPoints: number) => ({ kind: 'percent', basisPoints }) as const;

describeOnEachDatabase('A paid invoice of a referral', (database) => {
  it('earns the default rate, once, however often it is reported', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    const invoice = { invoiceid: 'A', userid, total: '120.00' };
    expect(await test.pays({ ...invoice, eventId: 'one' })).toEqual({ accepted: true, status: 'processed' });
    expect(await test.pays({ ...invoice, eventId: 'one' })).toEqual({ accepted: true, status: 'processed' });
    expect(await test.pays({ ...invoice, eventId: 'two' })).toEqual({ accepted: true, status: 'processed' });
    expect(await test.accounts(affiliate)).toEqual({ clearing: 0, cleared: 1200, reserved: 0, withdrawn: 0 });
    expect(await test.reads.figures(affiliate.id)).toEqual({ clicks: 1, signups: 1, conversions: 1 });
    await expectSound(test.knex, test.clock.now);
  });

  it('tells listeners of each commission', async () => {
    const test = await given.program(database, { settings: { clearingDays: 30 } });
    const told: unknown[] = [];
    test.program.on('AffiliateCommission', (data) => told.push(data));
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    await test.pays({ userid, items: [{ amount: '80.00', relid: 's1' }] });
    await test.program.deliver();
    expect(told).toEqual([
      {
        affiliateId: affiliate.id,
        referralId: expect.any(String) as string,
        serviceId: 's1',
        commissionAmount: 800,
        currency: 'USD',
        commissionDelayed: true,
        clearingDate: Date.parse('2026-03-31T12:00:00Z'),
      },
    ]);
  });

  it('earns also when it is reported before the signup that makes its client a referral', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const cookie = await test.click(affiliate);
    await test.pays({ invoiceid: 'A', userid: 'late', total: '50.00' });
    expect(await findings(test.knex)).toEqual({ 'A/1': ['no_referral', 0] });
    await test.hooks.ClientAdd(given.signup({ client_id: 'late', cookie }));
    expect(await findings(test.knex)).toEqual({ 'A/1': ['earned', 500] });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 500 });
    await expectSound(test.knex, test.clock.now);
  });
});

/** At 10 %; every figure worked out by hand. */
const BASES: [string, PaidInvoice, Record<string, [string, number]>][] = [
  ['tax', { total: '119.00', items: [{ amount: '100.00' }] }, { '1': ['earned', 1000] }],
  ['a discount of the line', { items: [{ amount: '100.00', discount: '25.00' }] }, { '1': ['earned', 750] }],
  [
    'a discount written with its minus sign',
    { total: '75.00', items: [{ amount: '100.00', discount: '-25.00' }] },
    { '1': ['earned', 750] },
  ],
  [
    // 10.00 over 60.00 and 40.00 is 6.00 and 4.00
    'a discount of the invoice, in proportion',
    { total: '90.00', discount: '10.00', items: [{ amount: '60.00' }, { amount: '40.00' }] },
    { '1': ['earned', 540], '2': ['earned', 360] },
  ],
  [
    // 333.3, 333.3 and 333.4 cents: the third gets the cent that is left over, and all end at 30.00
    'a discount that does not divide',
    {
      total: '90.00',
      discount: '10.00',
      items: [{ amount: '33.33' }, { amount: '33.33' }, { amount: '33.34' }],
    },
    { '1': ['earned', 300], '2': ['earned', 300], '3': ['earned', 300] },
  ],
  [
    'a promotion on one service, which leaves the other alone',
    {
      items: [
        { amount: '80.00', relid: 's1' },
        { amount: '20.00', relid: 's2' },
        { amount: '-16.00', relid: 's1', type: 'PromoHosting' },
      ],
    },
    { '1': ['earned', 640], '2': ['earned', 200] },
  ],
  [
    'a discount line that names no service',
    {
      items: [
        { amount: '80.00', relid: 's1' },
        { amount: '20.00', relid: 's2' },
        { amount: '-10.00', relid: 0, type: 'Item' },
      ],
    },
    { '1': ['earned', 720], '2': ['earned', 180] },
  ],
  [
    // 59.50 of 119.00 with tax is half: 50.00 of the 100.00 without
    'account credit, which was no new money',
    { total: '119.00', credit: '59.50', items: [{ amount: '100.00' }] },
    { '1': ['earned', 500] },
  ],
  [
    // a third of 100.00: 33.33 is left to 66.67, 10 % of which is 6.67 (6.667)
    'account credit that does not divide',
    { total: '100.00', credit: '33.33', items: [{ amount: '100.00' }] },
    { '1': ['earned', 667] },
  ],
  ['account credit alone', { credit: '40.00', items: [{ amount: '40.00' }] }, { '1': ['nothing_paid', 0] }],
  ['nothing', { items: [{ amount: '0.00' }] }, { '1': ['nothing_paid', 0] }],
  [
    'a discount larger than the lines',
    { total: '0.00', discount: '150.00', items: [{ amount: '100.00' }] },
    { '1': ['nothing_paid', 0] },
  ],
  [
    'credit bought, and fees',
    {
      items: [
        { amount: '50.00', type: 'AddFunds' },
        { amount: '5.00', type: 'LateFee' },
        { amount: '60.00', type: 'Invoice' },
        { amount: '20.00', type: 'Hosting' },
      ],
    },
    {
      '1': ['kind_earns_nothing', 0],
      '2': ['kind_earns_nothing', 0],
      '3': ['kind_earns_nothing', 0],
      '4': ['earned', 200],
    },
  ],
  [
    'each kind of purchase',
    {
      items: [
        { amount: '10.00', type: 'Setup' },
        { amount: '11.00', type: 'DomainRegister' },
        { amount: '12.00', type: 'Addon' },
        { amount: '13.00', type: 'Upgrade' },
        { amount: '14.00', type: 'usage' },
        { amount: '15.00', type: 'whatever comes' },
      ],
    },
    {
      '1': ['earned', 100],
      '2': ['earned', 110],
      '3': ['earned', 120],
      '4': ['earned', 130],
      '5': ['earned', 140],
      '6': ['earned', 150],
    },
  ],
  ['half a cent, which goes up', { items: [{ amount: '0.05' }] }, { '1': ['earned', 1] }],
  ['less than half a cent', { items: [{ amount: '0.04' }] }, { '1': ['rounds_to_nothing', 0] }],
  ['yen', { currency: 'JPY', total: '1000', items: [{ amount: '1000' }] }, { '1': ['earned', 100] }],
  [
    'yen written with cents',
    { currency: 'JPY', total: '1000.00', items: [{ amount: '1000.00' }] },
    { '1': ['earned', 100] },
  ],
  // 123.4 fils
  ['dinars', { currency: 'KWD', total: '1.234', items: [{ amount: '1.234' }] }, { '1': ['earned', 123] }],
  [
    'less than its lines say, for a reason the host does not tell',
    { total: '50.00', items: [{ amount: '60.00' }, { amount: '40.00' }] },
    { '1': ['earned', 300], '2': ['earned', 200] },
  ],
  ['lines without a payment', { total: '0.00', items: [{ amount: '100.00' }] }, { '1': ['nothing_paid', 0] }],
];

describe('The base of a commission', () => {
  it.each(BASES)('takes account of %s', async (_what, invoice, expected) => {
    const test = await given.programInMemory();
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    expect(await test.pays({ ...invoice, invoiceid: 'A', userid })).toMatchObject({ status: 'processed' });
    const found = await findings(test.knex);
    expect(found).toEqual(
      Object.fromEntries(Object.entries(expected).map(([line, finding]) => [`A/${line}`, finding])),
    );
    await expectSound(test.knex, test.clock.now);
  });

  it('is the line, not the sum of lines, so that what is shown adds up', async () => {
    const test = await given.programInMemory();
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    // 0.5 cents each, rounded up each: 2 cents, where 10 % of the sum would be 1
    await test.pays({ userid, items: [{ amount: '0.05' }, { amount: '0.05' }] });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 2 });
  });
});

describe('A fixed rate', () => {
  async function paid(items: PaidInvoice['items'] & object, currency = 'USD') {
    const test = await given.programInMemory({ settings: { defaultRate: '5.00' } });
    const userid = await test.referral(await test.affiliate());
    await test.pays({ invoiceid: 'A', userid, currency, items });
    return findings(test.knex);
  }

  it('is earned by each line', async () => {
    expect(await paid([{ amount: '100.00' }, { amount: '20.00' }])).toEqual({
      'A/1': ['earned', 500],
      'A/2': ['earned', 500],
    });
  });

  it('is never more than what was paid for the line', async () => {
    expect(await paid([{ amount: '3.00' }])).toEqual({ 'A/1': ['earned', 300] });
  });

  it('says nothing about other currencies', async () => {
    expect(await paid([{ amount: '100.00' }], 'EUR')).toEqual({ 'A/1': ['rate_in_other_currency', 0] });
  });
});

describe('The rate of a line', () => {
  /** The default is 10 %. */
  async function withTerms(...changes: Partial<TermsChange>[]) {
    const test = await given.programInMemory();
    const affiliate = await test.affiliate();
    const own = String(affiliate.id);
    for (const change of changes) {
      await changeTerms(test, change.scope === 'affiliate' ? { ...change, scopeKey: own } : change);
    }
    const userid = await test.referral(affiliate);
    await test.pays({ invoiceid: 'A', userid, items: [{ amount: '100.00', productid: 'web-1' }] });
    return (await findings(test.knex))['A/1'];
  }
  const product = { scope: 'product', scopeKey: 'web-1' } as const;
  const affiliate = { scope: 'affiliate' } as const;

  it.each<[string, Partial<TermsChange>[], [string, number]]>([
    ['is the default', [], ['earned', 1000]],
    ['is the product’s over the default', [{ ...product, rate: percent(2000) }], ['earned', 2000]],
    ['is not another product’s', [{ ...product, scopeKey: 'web-2', rate: percent(2000) }], ['earned', 1000]],
    [
      'is the affiliate’s own over the product’s',
      [
        { ...product, rate: percent(2000) },
        { ...affiliate, rate: percent(500) },
      ],
      ['earned', 500],
    ],
    ['is 0 % where the product says so', [{ ...product, rate: percent(0) }], ['rate_is_zero', 0]],
    [
      'is 0 % where the affiliate’s terms say so, whatever the product’s',
      [
        { ...product, rate: percent(5000) },
        { ...affiliate, rate: percent(0) },
      ],
      ['rate_is_zero', 0],
    ],
    [
      'is the product’s where the affiliate’s terms leave it open',
      [
        { ...product, rate: percent(2000) },
        { ...affiliate, rate: null, clearingDays: 10 },
      ],
      ['earned', 2000],
    ],
    [
      'is a fixed one over a percentage',
      [{ ...product, rate: { kind: 'fixed', amount: 777, currency: 'USD' } }],
      ['earned', 777],
    ],
    [
      'is a fixed nothing where it says so',
      [{ ...product, rate: { kind: 'fixed', amount: 0, currency: 'USD' } }],
      ['rate_is_zero', 0],
    ],
    [
      'is the later of two versions of one moment',
      [
        { ...product, rate: percent(2000) },
        { ...product, rate: percent(3000) },
      ],
      ['earned', 3000],
    ],
    [
      'is inherited again where a version takes it back',
      [
        { ...product, rate: percent(2000) },
        { ...product, rate: null },
      ],
      ['earned', 1000],
    ],
  ])('%s', async (_what, changes, expected) => {
    expect(await withTerms(...changes)).toEqual(expected);
  });
});

describeOnEachDatabase('New terms', (database) => {
  const doubled = { rate: percent(2000), recurring: 'every', clearingDays: 0 } as const;

  it('hold for what is paid from then on, and never for what was earned', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    await test.pays({ invoiceid: 'before', userid });
    test.clock.advance({ days: 1 });
    await changeTerms(test, doubled);
    await test.pays({ invoiceid: 'after', userid });
    // Everything that makes the first invoice be looked at again.
    await test.pays({ invoiceid: 'before', userid, eventId: 'told again' });
    await test.hooks.InvoiceUnpaid({ invoiceid: 'before' });
    test.clock.advance({ days: 1 });
    await test.pays({ invoiceid: 'before', userid });
    await test.refunds({ invoiceid: 'before', refundid: 'R', amount: '50.00' });
    expect(await commissions(test.knex)).toEqual({ 'before/1': [1000, 500], 'after/1': [2000, 0] });
    await expectSound(test.knex, test.clock.now);
  });

  it('do not hold for what was paid before them and is reported after', async () => {
    const test = await given.program(database);
    const userid = await test.referral(await test.affiliate());
    const at = test.clock.now();
    test.clock.advance({ days: 1 });
    await changeTerms(test, doubled);
    await test.pays({ invoiceid: 'A', userid, at });
    expect(await commissions(test.knex)).toEqual({ 'A/1': [1000, 0] });
  });

  it('hold from their very moment', async () => {
    const test = await given.program(database);
    const userid = await test.referral(await test.affiliate());
    test.clock.advance({ days: 1 });
    await changeTerms(test, doubled);
    const from = test.clock.now().getTime();
    await test.pays({ invoiceid: 'A', userid, at: from - 1 });
    await test.pays({ invoiceid: 'B', userid, at: from });
    expect(await commissions(test.knex)).toEqual({ 'A/1': [1000, 0], 'B/1': [2000, 0] });
  });
});

describe('Terms that pay once', () => {
  const once = { settings: { recurring: 'once' } } as const;

  it('pay for the first payment of each service', async () => {
    const test = await given.programInMemory(once);
    const userid = await test.referral(await test.affiliate());
    await test.pays({ invoiceid: 'A', userid, items: [{ amount: '10.00', relid: 's1' }] });
    test.clock.advance({ days: 30 });
    const items = [
      { amount: '10.00', relid: 's1' },
      { amount: '10.00', relid: 's2' },
    ];
    await test.pays({ invoiceid: 'B', userid, items });
    expect(await findings(test.knex)).toEqual({
      'A/1': ['earned', 100],
      'B/1': ['not_first_payment', 0],
      'B/2': ['earned', 100],
    });
  });

  it('pay for the second payment while the first does not stand', async () => {
    const test = await given.programInMemory(once);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    const items = [{ amount: '10.00', relid: 's1' }];
    await test.pays({ invoiceid: 'A', userid, items });
    test.clock.advance({ days: 30 });
    await test.pays({ invoiceid: 'B', userid, items: [{ amount: '20.00', relid: 's1' }] });
    await test.hooks.InvoiceCancelled({ invoiceid: 'A' });
    expect(await commissions(test.knex)).toEqual({ 'A/1': [100, 100], 'B/1': [200, 0] });
    test.clock.advance({ days: 1 });
    await test.pays({ invoiceid: 'A', userid, items });
    expect(await commissions(test.knex)).toEqual({ 'A/1': [100, 0], 'B/1': [0, 0] });
    await expectSound(test.knex, test.clock.now);
  });
});

describeOnEachDatabase('An affiliate’s standing', (database) => {
  it('counts as of when the line was paid', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    const turn = async (on: boolean) => {
      const facts = { clientId: affiliate.clientId, emailHash: '', userId: '', locale: 'en', ticketId: '' };
      test.clock.advance({ days: 1 });
      await test.acts.switchAffiliate({ ...facts, requestId: requestId(), staff: STAFF, on, reason: 'spam' });
      return test.clock.now().getTime();
    };
    const off = await turn(false);
    const on = await turn(true);
    await test.pays({ invoiceid: 'before', userid, at: off - 1 });
    await test.pays({ invoiceid: 'during', userid, at: off });
    await test.pays({ invoiceid: 'last moment', userid, at: on - 1 });
    await test.pays({ invoiceid: 'after', userid, at: on });
    expect(await findings(test.knex)).toEqual({
      'before/1': ['earned', 1000],
      'during/1': ['affiliate_suspended', 0],
      'last moment/1': ['affiliate_suspended', 0],
      'after/1': ['earned', 1000],
    });
  });

  it('ends with the client’s account', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    await test.pays({ invoiceid: 'A', userid });
    test.clock.advance({ days: 1 });
    await test.hooks.ClientClose({ userid: affiliate.clientId });
    await test.pays({ invoiceid: 'B', userid });
    expect(await findings(test.knex)).toEqual({ 'A/1': ['earned', 1000], 'B/1': ['affiliate_closed', 0] });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 1000 });
  });
});
