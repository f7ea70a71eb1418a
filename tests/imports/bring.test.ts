/** What comes over from an earlier program, and what it comes to here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeOnSqlite } from '../support/databases';
import { given, requestId, STAFF } from '../support/given';
import { everythingKept, expectSound } from '../support/invariants';
import { affiliate, bring, broughtOver, client, dump, said, source } from './given';

describeOnSqlite('An import', (database) => {
  const program = () => given.program(database);

  it('without --apply says what would come over, and writes nothing', async () => {
    const test = await program();
    const before = await dump(test.knex);
    const report = await bring(test, source(), false);
    expect(report).toMatchObject({ applied: false, whole: true, isOn: null, lost: [] });
    expect(report.affiliates).toMatchObject([
      {
        legacyId: '7',
        clientId: '31',
        affiliateId: null,
        currency: 'USD',
        status: 'new',
        source: { pending: 1250, balance: 3000, withdrawn: 2000 },
        change: { pending: 1250, balance: 3000, withdrawn: 2000 },
        ledger: null,
        agrees: null,
        referrals: { news: 2, known: 0 },
        history: 3,
        notes: [],
      },
    ]);
    expect(await dump(test.knex)).toBe(before);
  });

  it('brings an affiliate with its money, referrals and visitors, tells nobody, and agrees to the cent', async () => {
    const test = await program();
    const report = await bring(test, source());
    expect(report).toMatchObject({ applied: true, whole: true });
    expect(report.affiliates[0]).toMatchObject({
      agrees: true,
      ledger: { pending: 1250, balance: 3000, withdrawn: 2000 },
    });
    const own = await broughtOver(test);
    expect(own).toMatchObject({ clientId: '31', status: 'active', enrolledAt: Date.parse('2025-11-01') });
    expect(await test.accounts(own)).toEqual({ clearing: 1250, cleared: 3000, reserved: 0, withdrawn: 2000 });
    expect(await test.reads.figures(own.id)).toEqual({ clicks: 240, signups: 2, conversions: 1 });
    await test.program.deliver();
    expect(test.host.asked).toEqual([]);
    await expectSound(test.knex, test.clock.now);
  });

  it('again brings nothing, and says so', async () => {
    const test = await program();
    await bring(test, source());
    const before = await dump(test.knex);
    const report = await bring(test, source());
    expect(report.affiliates).toMatchObject([
      { status: 'same', agrees: true, referrals: { news: 0, known: 2 }, history: 0 },
    ]);
    expect(await dump(test.knex)).toBe(before);
  });

  it('says each thing that does not fit, takes the balance for the truth, and never loses a cent', async () => {
    const test = await program();
    const messy = source({
      enabled: 'on',
      affiliates: [
        // Its rows add up to 30.00; five more came from a bonus, and one withdrawal was deleted.
        affiliate({ balance: '35.00', withdrawn: '21.50' }),
        affiliate({
          id: 8,
          clientid: 32,
          balance: '-12.34',
          withdrawn: '100.00',
          paytype: 'fixed',
          payamount: '5.00',
        }),
        affiliate({ id: 9, clientid: 33, balance: '1500', withdrawn: '0' }),
        affiliate({ id: 10, clientid: 34, balance: '1500.50' }),
        affiliate({ id: 11, clientid: 99, balance: '4.20' }),
        affiliate({
          id: 12,
          clientid: 35,
          balance: '0.01',
          withdrawn: '0',
          paytype: 'percentage',
          payamount: '20.00',
          onetime: 1,
        }),
        affiliate({ id: 13, clientid: 36, currency: 9 }),
      ],
      accounts: [
        ...source().accounts,
        { id: 3, affiliateid: 7, relid: 999, lastpaid: null },
        { id: 4, affiliateid: 8, relid: 101, lastpaid: null },
        { id: 5, affiliateid: 8, relid: 103, lastpaid: null },
        { id: 6, affiliateid: 70, relid: 102, lastpaid: null },
      ],
      history: [
        ...source().history,
        { id: 9, affiliateid: 70, date: '2026-01-01', affaccid: 0, invoice_id: 0, amount: '1.00' },
      ],
      pending: [
        ...source().pending,
        { id: 3, affaccid: 3, invoice_id: 0, amount: '2.00', clearingdate: '2026-03-06' },
        { id: 4, affaccid: 404, invoice_id: 0, amount: '8.00', clearingdate: '2026-03-06' },
        { id: 5, affaccid: 6, invoice_id: 0, amount: '9.00', clearingdate: '2026-03-06' },
      ],
      services: [...source().services, { id: 103, userid: 32, packageid: 1, regdate: '2026-01-02' }],
      clients: [
        ...source().clients,
        client(32, { currency: 2, status: 'Closed' }),
        client(33, { currency: 3 }),
        client(34, { currency: 3 }),
        client(35),
        client(36, { currency: 9 }),
      ],
    });
    const dry = await bring(test, messy, false);
    const report = await bring(test, messy);
    expect(dry.affiliates.map(({ legacyId, status }) => [legacyId, status])).toEqual([
      ['7', 'new'],
      ['8', 'new'],
      ['9', 'new'],
      ['10', 'refused'],
      ['11', 'refused'],
      ['12', 'new'],
      ['13', 'refused'],
    ]);
    expect(report).toMatchObject({ isOn: true, whole: false });
    expect(said(report, '7')).toEqual(['balance_not_history', 'withdrawn_not_rows', 'service_missing']);
    expect(said(report, '8')).toEqual([
      'client_closed',
      'balance_not_history',
      'withdrawn_not_rows',
      'balance_negative',
      'override_currency',
      'other_affiliates_referral',
      'own_service',
    ]);
    expect(said(report, '10')).toEqual(['amount_unreadable']);
    expect(said(report, '11')).toEqual(['client_missing']);
    expect(said(report, '13')).toEqual(['currency_unknown']);
    expect(report.lost.map(({ table, row, code }) => `${table} ${row} ${code}`)).toEqual([
      'tblaffiliatesaccounts 6 without_affiliate',
      'tblaffiliatespending 4 without_account',
      'tblaffiliatespending 5 without_affiliate',
      'tblaffiliateshistory 9 without_affiliate',
    ]);
    const agreed = report.affiliates
      .filter(({ agrees }) => agrees)
      .map(({ legacyId, ledger }) => [legacyId, ledger]);
    expect(agreed).toEqual([
      ['7', { pending: 1450, balance: 3500, withdrawn: 2150 }],
      ['8', { pending: 0, balance: -1234, withdrawn: 10_000 }],
      ['9', { pending: 0, balance: 1500, withdrawn: 0 }],
      ['12', { pending: 0, balance: 1, withdrawn: 0 }],
    ]);
    expect(await test.accounts(await broughtOver(test, '9'), 'JPY')).toMatchObject({ cleared: 1500 });
    expect(await test.accounts(await broughtOver(test, '8'), 'EUR')).toMatchObject({
      cleared: -1234,
      withdrawn: 10_000,
    });
    expect((await broughtOver(test, '8')).status).toBe('closed');
    await expectSound(test.knex, test.clock.now);
    expect((await bring(test, messy)).affiliates.filter(({ status }) => status === 'changed')).toEqual([]);
  });

  it('brings a debt that nothing was paid for, which is earned back', async () => {
    const test = await program();
    await bring(test, source({ affiliates: [affiliate({ balance: '-3.00', withdrawn: '0' })], pending: [] }));
    const own = await broughtOver(test);
    expect(await test.accounts(own)).toMatchObject({ cleared: -300 });
    await test.pays({ userid: await test.referral(own), total: '100.00' });
    expect(await test.accounts(own)).toMatchObject({ cleared: 700 });
    await expectSound(test.knex, test.clock.now);
  });

  it('clears what is pending on its date, and nothing before', async () => {
    const test = await program();
    await bring(test, source());
    const own = await broughtOver(test);
    test.clock.set('2026-03-04T23:59:59Z');
    await test.program.daily();
    expect(await test.accounts(own)).toMatchObject({ clearing: 1250, cleared: 3000 });
    test.clock.set('2026-03-05T00:00:00Z');
    expect(await test.program.daily()).toMatchObject({ cleared: 1, holds: true });
    expect(await test.accounts(own)).toMatchObject({ clearing: 750, cleared: 3500 });
    await expectSound(test.knex, test.clock.now);
    // The source still calls it pending, whose nights do not run any more.
    const again = await bring(test, source());
    expect(again.affiliates).toMatchObject([{ status: 'same', agrees: true }]);
    expect(said(again)).toEqual(['due_cleared_here']);
    test.clock.set('2026-03-20T12:00:00Z');
    expect(await test.program.daily()).toMatchObject({ cleared: 1, holds: true, failed: [] });
    expect(await test.accounts(own)).toMatchObject({ clearing: 0, cleared: 4250 });
    await expectSound(test.knex, test.clock.now);
  });

  it('later brings the difference: what cleared, what was earned, what was paid, what was taken back', async () => {
    const test = await program();
    await bring(test, source());
    test.clock.set('2026-03-05T08:00:00Z');
    await test.program.daily();
    const later = source({
      affiliates: [affiliate({ balance: '15.00', withdrawn: '40.00', visitors: 250 })],
      // The first line cleared there as well, the second was cut, and a third is new.
      pending: [
        { id: 2, affaccid: 1, invoice_id: 9004, amount: '6.00', clearingdate: '2026-03-21' },
        { id: 3, affaccid: 2, invoice_id: 9005, amount: '1.11', clearingdate: '2026-03-22' },
      ],
    });
    expect(said(await bring(test, later, false))).toEqual([
      'balance_not_history',
      'withdrawn_not_rows',
      'earned_since',
      'owes_now',
    ]);
    const report = await bring(test, later);
    expect(report.affiliates).toMatchObject([
      {
        status: 'changed',
        agrees: true,
        change: { pending: -39, balance: -2000, withdrawn: 2000 },
        ledger: { pending: 711, balance: 1500, withdrawn: 4000 },
      },
    ]);
    const own = await broughtOver(test);
    expect(await test.accounts(own)).toEqual({ clearing: 711, cleared: 1500, reserved: 0, withdrawn: 4000 });
    expect(await test.reads.figures(own.id)).toMatchObject({ clicks: 250 });
    await expectSound(test.knex, test.clock.now);
    // There and back again: the second time is another event than the first.
    await bring(test, source());
    expect((await bring(test, later)).whole).toBe(true);
    expect(await test.accounts(own)).toEqual({ clearing: 711, cleared: 1500, reserved: 0, withdrawn: 4000 });
    test.clock.set('2026-04-01T08:00:00Z');
    await test.program.daily();
    expect(await test.accounts(own)).toMatchObject({ clearing: 0, cleared: 2211 });
    await expectSound(test.knex, test.clock.now);
  });

  it('refuses what both programs have earned by the same invoice', async () => {
    const test = await program();
    await bring(test, source());
    await test.pays({ invoiceid: '9100', userid: '51', total: '80.00' });
    const both = source({
      enabled: 'on',
      pending: [
        ...source().pending,
        { id: 9, affaccid: 1, invoice_id: 9100, amount: '8.00', clearingdate: '2026-04-01' },
      ],
    });
    const report = await bring(test, both);
    expect(report.whole).toBe(false);
    expect(report.affiliates).toMatchObject([
      { status: 'refused', refusal: { code: 'earned_twice', parameters: { invoices: '9100' } } },
    ]);
    expect(await test.accounts(await broughtOver(test))).toMatchObject({ clearing: 1250, cleared: 3800 });
  });

  it('earns by what referrals pay from then on, and once where a service is to earn once', async () => {
    const test = await program();
    await test.pays({ invoiceid: 'before', userid: '51', total: '100.00' });
    test.clock.advance({ hours: 1 });
    const rate = { paytype: 'percentage', payamount: '25.00', onetime: 1 };
    await bring(test, source({ affiliates: [affiliate(rate)] }));
    const own = await broughtOver(test);
    const item = (relid: number) => [{ amount: '100.00', relid }];
    // Earned there already, new there, new here.
    await test.pays({ invoiceid: 'A', userid: '51', items: item(101) });
    await test.pays({ invoiceid: 'B', userid: '52', items: item(102) });
    await test.pays({ invoiceid: 'C', userid: '51', items: item(105) });
    await test.refunds({ invoiceid: 'before', refundid: 'R' });
    expect(await test.accounts(own)).toMatchObject({ cleared: 3000 + 5000 });
    expect(await test.reads.figures(own.id)).toMatchObject({ conversions: 2 });
    await test.refunds({ invoiceid: 'C', refundid: 'R' });
    expect(await test.reads.figures(own.id)).toMatchObject({ conversions: 2 });
    await expectSound(test.knex, test.clock.now);
  });

  it('adds the money to an affiliate that is one here already, and keeps the rate that staff gave it', async () => {
    const test = await program();
    const own = await test.affiliate({ clientId: '31' });
    const terms = {
      scope: 'affiliate',
      scopeKey: String(own.id),
      recurring: null,
      clearingDays: null,
    } as const;
    const rate = { kind: 'percent', basisPoints: 1500 } as const;
    await test.acts.changeTerms({ requestId: requestId(), staff: STAFF, ...terms, rate });
    const report = await bring(
      test,
      source({ affiliates: [affiliate({ paytype: 'percentage', payamount: '50' })] }),
    );
    expect(said(report)).toEqual(['already_affiliate', 'override_kept']);
    expect((await broughtOver(test)).id).toBe(own.id);
    await test.pays({ userid: '51', total: '100.00' });
    expect(await test.accounts(own)).toMatchObject({ cleared: 3000 + 1500 });
    await expectSound(test.knex, test.clock.now);
  });

  it('goes along when accounts are merged, also what clears later and what comes over again', async () => {
    const test = await program();
    const other = await test.affiliate({ clientId: '40' });
    await bring(test, source());
    await test.hooks.AfterClientMerge({ fromUserID: '31', toUserID: '40' });
    expect(await test.accounts(other)).toEqual({
      clearing: 1250,
      cleared: 3000,
      reserved: 0,
      withdrawn: 2000,
    });
    test.clock.set('2026-03-05T08:00:00Z');
    await test.program.daily();
    expect(await test.accounts(other)).toMatchObject({ clearing: 750, cleared: 3500 });
    await bring(test, source({ affiliates: [affiliate({ balance: '31.00' })] }));
    expect(await test.accounts(other)).toMatchObject({ clearing: 750, cleared: 3600 });
    await expectSound(test.knex, test.clock.now);
  });

  it('leaves out a client with the affiliate’s own address, and forgets whom the portal deletes', async () => {
    const test = await program();
    const same = source({ clients: [client(31), client(51, { email: 'CLIENT31@example.org' }), client(52)] });
    expect(said(await bring(test, same))).toContain('self_referral');
    const own = await broughtOver(test);
    expect(await test.reads.figures(own.id)).toMatchObject({ signups: 1 });
    expect(said(await bring(test, same))).toContain('self_referral');
    await test.hooks.PreDeleteClient({ userid: '52' });
    await test.hooks.PreDeleteClient({ userid: '31' });
    expect(await everythingKept(test.knex)).not.toMatch(/Client52|client52@|Client31/);
    await expectSound(test.knex, test.clock.now);
  });

  it('pays milestones for what converts here, and counts every conversion for steps and months', async () => {
    const test = await program();
    const fixed = (amount: number) => ({ kind: 'fixed', amount, currency: 'USD' }) as const;
    const steps = [
      { upTo: 1, rate: fixed(100) },
      { upTo: null, rate: fixed(200) },
    ];
    const milestones = [1, 2].map((conversions) => ({ conversions, amount: conversions * 1000 }));
    await test.acts.changeTerms({
      requestId: requestId(),
      staff: STAFF,
      scope: 'program',
      scopeKey: '',
      rate: { kind: 'steps', by: 'conversions', steps },
      recurring: { months: 4 },
      clearingDays: 0,
      bonuses: { currency: 'USD', signup: 500, milestones },
    });
    await bring(test, source());
    const own = await broughtOver(test);
    // Converted in January there: the first conversion, in its third month.
    await test.pays({ userid: '51', total: '50.00' });
    expect(await test.accounts(own)).toMatchObject({ cleared: 3000 + 100 });
    // The second conversion, and the first here.
    await test.pays({ userid: '52', total: '50.00' });
    expect(await test.accounts(own)).toMatchObject({ cleared: 3100 + 200 + 1000 });
    test.clock.set('2026-05-20T12:00:00Z');
    await test.pays({ userid: '51', total: '50.00' });
    expect(await test.accounts(own)).toMatchObject({ cleared: 4300 });
    await expectSound(test.knex, test.clock.now);
  });

  it('reads numbers that an old version padded with zeros, each table to another length', async () => {
    const test = await program();
    const padded = source({
      affiliates: [affiliate({ id: '007', clientid: '0000000031' })],
      accounts: [{ id: '1', affiliateid: '7', relid: '0000000101', lastpaid: '2026-02-01' }],
      history: [],
      pending: [
        { id: '01', affaccid: '001', invoice_id: '09003', amount: '5.00', clearingdate: '2026-03-05' },
      ],
      services: [{ id: '101', userid: '00051', packageid: 1, regdate: '2025-12-20' }],
    });
    const report = await bring(test, padded);
    expect(report).toMatchObject({ whole: true, lost: [] });
    expect(report.affiliates).toMatchObject([
      { legacyId: '7', clientId: '31', source: { pending: 500 }, referrals: { news: 1, known: 0 } },
    ]);
    await test.pays({ userid: '51', total: '100.00' });
    expect(await test.accounts(await broughtOver(test))).toMatchObject({ cleared: 3000 + 1000 });
  });

  it('takes the export of its documentation, and the answer of GetAffiliates', async () => {
    const test = await program();
    const text = readFileSync(join(__dirname, '../../docs/import.md'), 'utf8');
    const written = /```json\n(.*?)```/s.exec(text)?.[1] ?? '';
    const report = await bring(test, JSON.parse(written) as object);
    expect(report).toMatchObject({ isOn: false, whole: true, lost: [] });
    expect(said(report)).toEqual([]);
    const rows = [affiliate({ id: '90', clientid: '61', paytype: 'fixedamount', payamount: '5.00' })];
    const answer = { result: 'success', totalresults: 1, currency: 'EUR', affiliates: { affiliate: rows } };
    expect(await bring(test, answer)).toMatchObject({ isOn: null, whole: true });
    expect(await test.accounts(await broughtOver(test, '90'), 'EUR')).toMatchObject({ cleared: 3000 });
    await expectSound(test.knex, test.clock.now);
  });
});
