import { describeOnEachDatabase, describeOnMariaDb } from '../support/databases';
import { requestId } from '../support/given';
import { everythingKept, expectSound } from '../support/invariants';
import { earned, decisions, outcomes } from './given';

const RESERVED = { clearing: 0, cleared: 0, reserved: 6000, withdrawn: 0 };

describeOnEachDatabase('A request to be paid', (database) => {
  it('is possible at exactly the threshold', async () => {
    const { test, affiliate } = await earned(database, '500.00');
    const [statement] = await test.reads.statements(affiliate.id);
    expect(statement).toMatchObject({ belowThreshold: 0, available: 5000, missing: 0 });
    await test.withdrawal(affiliate);
    expect(await test.accounts(affiliate)).toEqual({ ...RESERVED, reserved: 5000 });
    await expectSound(test.knex, test.clock.now);
  });

  it('is refused a cent below it, and says that a cent is missing', async () => {
    const { test, affiliate } = await earned(database, '499.90');
    const [statement] = await test.reads.statements(affiliate.id);
    expect(statement).toMatchObject({ belowThreshold: 4999, available: 0, missing: 1 });
    await expect(test.withdrawal(affiliate)).rejects.toMatchObject({
      code: 'below_threshold',
      parameters: { missing: 1, currency: 'USD' },
    });
    expect(await test.accounts(affiliate)).toEqual({ ...RESERVED, cleared: 4999, reserved: 0 });
    expect(await test.reads.withdrawalsOf(affiliate.id)).toEqual([]);
  });

  it('counts only what has cleared', async () => {
    const { test, affiliate } = await earned(database, '600.00', { settings: { clearingDays: 1 } });
    await expect(test.withdrawal(affiliate)).rejects.toMatchObject({ parameters: { missing: 5000 } });
  });

  it('opens a ticket, mails, and tells listeners', async () => {
    const { test, affiliate } = await earned(database);
    const told: unknown[] = [];
    test.program.on('AffiliateWithdrawalRequest', (data) => told.push(data));
    const id = await test.withdrawal(affiliate, { method: 'paypal', details: 'me@paypal.example' });
    await test.program.deliver();
    expect(told).toEqual([{ affiliateId: affiliate.id, clientId: '5', balance: 6000, currency: 'USD' }]);
    expect(test.host.doneBy('openTicket')).toMatchObject([{ clientId: '5', department: 'Support' }]);
    expect(test.host.doneBy('openTicket')[0]?.message).toContain('60.00');
    const mail = test.host.doneBy('sendMail').at(-1);
    expect(mail).toMatchObject({ clientId: '5', text: expect.stringContaining('60.00') as string });
    expect(await test.reads.withdrawal(id)).toMatchObject({
      status: 'requested',
      ticketId: expect.stringMatching(/^T/) as string,
    });
  });

  it('is one per affiliate and currency: a second is refused while the first is open', async () => {
    const { test, affiliate, userid } = await earned(database);
    const first = await test.withdrawal(affiliate);
    await test.pays({ userid, total: '900.00' });
    await expect(test.withdrawal(affiliate)).rejects.toMatchObject({ code: 'withdrawal_open' });
    // Another currency is another purse.
    await test.pays({ userid, total: '500.00', currency: 'EUR' });
    await test.withdrawal(affiliate, { currency: 'EUR' });
    await decisions(test).deny(first);
    await test.withdrawal(affiliate);
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 0, reserved: 15_000 });
    expect(await test.accounts(affiliate, 'EUR')).toMatchObject({ cleared: 0, reserved: 5000 });
    await expectSound(test.knex, test.clock.now);
  });

  it('sent twice from one form is made once', async () => {
    const { test, affiliate } = await earned(database);
    const asked = { requestId: requestId(), affiliateId: affiliate.id, clientId: '5', currency: 'USD' };
    const form = { ...asked, method: 'credit', details: '' } as const;
    const [first, second] = [
      await test.acts.requestWithdrawal(form),
      await test.acts.requestWithdrawal(form),
    ];
    expect(second).toEqual(first);
    expect(await test.reads.withdrawalsOf(affiliate.id)).toHaveLength(1);
    await test.program.deliver();
    await test.program.deliver();
    expect(test.host.doneBy('openTicket')).toHaveLength(1);
  });

  it.each([
    ['a method that is switched off', { method: 'bank', details: 'IBAN' }, 'payout_method_unknown'],
    ['a method by hand without details', { method: 'paypal', details: '' }, 'field_required'],
    ['a currency in which nothing was earned', { method: 'credit', currency: 'EUR' }, 'below_threshold'],
  ] as const)('by %s is refused', async (_how, asked, code) => {
    const settings = { payoutMethods: ['credit', 'paypal'] as ('credit' | 'paypal')[] };
    const { test, affiliate } = await earned(database, '600.00', { settings });
    await expect(test.withdrawal(affiliate, asked)).rejects.toMatchObject({ code });
    expect(await test.accounts(affiliate)).toEqual({ ...RESERVED, cleared: 6000, reserved: 0 });
  });

  it('in a currency of other decimals has its threshold in that currency’s units', async () => {
    const { test, affiliate, userid } = await earned(database, '600.00');
    await test.pays({ userid, total: '499', currency: 'JPY' });
    await test.pays({ userid, total: '500.000', currency: 'KWD' });
    const statements = await test.reads.statements(affiliate.id);
    expect(statements.map(({ currency, threshold, missing }) => [currency, threshold, missing])).toEqual([
      ['USD', 5000, 0],
      ['JPY', 50, 0],
      ['KWD', 50_000, 0],
    ]);
  });

  it('in a currency with a threshold of its own goes by that', async () => {
    const settings = { otherThresholds: '5000 JPY' };
    const { test, affiliate, userid } = await earned(database, '600.00', { settings });
    const inYen = { currency: 'JPY' };
    await test.pays({ userid, total: '49990', ...inYen });
    await expect(test.withdrawal(affiliate, inYen)).rejects.toMatchObject({
      code: 'below_threshold',
      parameters: { missing: 1, currency: 'JPY' },
    });
    await test.pays({ userid, total: '10', ...inYen });
    await test.withdrawal(affiliate, inYen);
    expect(await test.accounts(affiliate, 'JPY')).toMatchObject({ cleared: 0, reserved: 5000 });
  });

  it('keeps where to pay to out of events, tickets, mails and log, and shows it to staff', async () => {
    const { test, affiliate } = await earned(database);
    const details = 'IBAN DE89 3704 0044 0532 0130 00';
    const id = await test.withdrawal(affiliate, { method: 'bank', details });
    await test.program.deliver();
    await decisions(test).approve(id, 'TX-1');
    await test.program.deliver();
    expect((await test.reads.withdrawal(id))?.details).toBe(details);
    expect(test.host.text() + test.logger.text()).not.toContain('DE89');
    const tables = JSON.parse(await everythingKept(test.knex)) as { name: string; rows: unknown[] }[];
    const holding = tables.filter(({ rows }) => JSON.stringify(rows).includes('DE89'));
    expect(holding.map(({ name }) => name).sort()).toEqual([
      'mod_affiliates_event_personal',
      'mod_affiliates_withdrawals',
    ]);
  });

  it('of a suspended affiliate is possible, of a closed one not', async () => {
    const { test, affiliate } = await earned(database);
    const facts = { clientId: '5', emailHash: '', userId: '', locale: 'en', ticketId: '', on: false };
    const staff = { id: '1', name: 'Sam' };
    await test.acts.switchAffiliate({ ...facts, requestId: requestId(), staff, reason: 'spam' });
    const id = await test.withdrawal(affiliate);
    await decisions(test).cancel(affiliate, id);
    await test.hooks.ClientClose({ userid: 5 });
    await expect(test.withdrawal(affiliate)).rejects.toMatchObject({ code: 'affiliate_not_active' });
  });
});

describeOnMariaDb('Requests at the same moment in two processes', (database) => {
  it('reserve the money once', async () => {
    const { test, affiliate } = await earned(database);
    const other = await test.another();
    const all = [test, other, test, other, test, other].map((process) => process.withdrawal(affiliate));
    const ended = outcomes(await Promise.allSettled(all)).sort();
    expect(ended).toEqual(['done', ...Array<string>(5).fill('withdrawal_open')]);
    expect(await test.accounts(affiliate)).toEqual(RESERVED);
    await expectSound(test.knex, test.clock.now);
  });

  it('of one form make one request', async () => {
    const { test, affiliate } = await earned(database);
    const other = await test.another();
    const asked = { requestId: requestId(), affiliateId: affiliate.id, clientId: '5', currency: 'USD' };
    const form = { ...asked, method: 'credit', details: '' } as const;
    const made = await Promise.all(
      [test, other, test, other].map(({ acts }) => acts.requestWithdrawal(form)),
    );
    expect(new Set(made.map(({ withdrawalId }) => withdrawalId)).size).toBe(1);
    expect(await test.accounts(affiliate)).toEqual(RESERVED);
  });

  it('and a refund of what they are made of leave no cent unaccounted for', async () => {
    const { test, affiliate } = await earned(database);
    const other = await test.another();
    const [asked] = await Promise.allSettled([
      test.withdrawal(affiliate),
      other.refunds({ invoiceid: 'A', refundid: 'R', amount: '300.00' }),
    ]);
    // Either the request was first and a debt is left, or the refund was and too little is left to request.
    const reservedFirst = { ...RESERVED, cleared: -3000 };
    const refundedFirst = { ...RESERVED, cleared: 3000, reserved: 0 };
    expect(await test.accounts(affiliate)).toEqual(
      asked.status === 'fulfilled' ? reservedFirst : refundedFirst,
    );
    await expectSound(test.knex, test.clock.now);
  });
});
