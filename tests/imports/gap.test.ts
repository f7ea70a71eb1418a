/** What is paid between switching the earlier program off and bringing it over earns here, once, and when it was paid. */
import type { ListedFact } from '../../index';
import { migrate } from '../../module/database/migrate';
import { importFrom } from '../../module/importing';
import { readRows } from '../../module/imports';
import { readSettings } from '../../module/settings';
import { describeOnEachDatabase } from '../support/databases';
import { given, PORTAL, type TestProgram } from '../support/given';
import { expectSound } from '../support/invariants';
import { expectReplayable } from '../support/replay';
import { affiliate, broughtOver, said, source } from './given';

/** When the earlier program was switched off; it is brought over three hours later. */
const OFF = Date.parse('2026-03-01T12:00:00Z');
const BEFORE = '2026-03-01T11:00:00Z';
const AFTER = '2026-03-01T13:00:00Z';
const OWN_RATE = { paytype: 'percentage', payamount: '25.00' };

const paid = (invoiceid: string, userid: string, at: string): ListedFact => ({
  hook: 'InvoicePaid',
  payload: given.paidInvoice({ invoiceid, userid, total: '100.00', at }),
});

/** What was earned here: by which invoice, how much, and when it was paid. */
async function earned({ knex }: TestProgram): Promise<unknown[]> {
  const rows = (await knex('mod_affiliates_commissions').orderBy('line_key')) as {
    line_key: string;
    earned: number;
    paid_at: number;
  }[];
  return rows.map((row) => [row.line_key, row.earned, new Date(row.paid_at).toISOString()]);
}

async function reasons({ knex }: TestProgram): Promise<Record<string, string>> {
  const rows = (await knex('mod_affiliates_evaluations').orderBy('number')) as {
    line_key: string;
    code: string;
  }[];
  return Object.fromEntries(rows.map(({ line_key, code }) => [line_key, code]));
}

const at = (moment: string) => new Date(moment).toISOString();

describeOnEachDatabase('Between switching off and bringing over', (database) => {
  const aProgram = () => given.program(database);
  const bring = (test: TestProgram, from: object, offSince?: number) =>
    importFrom(test.knex, readRows(from), {
      settings: readSettings({ portalUrl: PORTAL, approvalAbove: '' }),
      now: () => test.clock.now().getTime(),
      offSince,
      apply: true,
      progress: () => undefined,
    });

  it('what was reported earns with the import, and what was missed with its reconciliation, at the own rate', async () => {
    const test = await aProgram();
    await test.pays({ invoiceid: 'before', userid: '51', total: '100.00', at: BEFORE });
    test.clock.advance({ hours: 1 });
    await test.pays({ invoiceid: 'told', userid: '51', total: '100.00' });
    test.clock.advance({ hours: 2 });
    const rows = source({ affiliates: [affiliate(OWN_RATE)] });
    expect(await bring(test, rows, OFF)).toMatchObject({ whole: true });
    const own = await broughtOver(test);
    expect(await earned(test)).toEqual([['told/1', 2500, at(AFTER)]]);
    expect(await test.accounts(own)).toMatchObject({ clearing: 1250, cleared: 3000 + 2500, withdrawn: 2000 });

    const listed = [
      paid('before', '51', BEFORE),
      // Its row of pending came over.
      paid('9004', '51', BEFORE),
      paid('told', '51', AFTER),
      paid('missed', '52', AFTER),
    ];
    const report = await test.program.reconcile(listed, { apply: true });
    expect(report.missing.map(({ id }) => id)).toEqual(['9004', 'missed']);
    expect(await earned(test)).toEqual([
      ['missed/1', 2500, at(AFTER)],
      ['told/1', 2500, at(AFTER)],
    ]);
    expect(await test.accounts(own)).toMatchObject({ clearing: 1250, cleared: 3000 + 5000 });
    expect(await bring(test, rows, OFF)).toMatchObject({ whole: true, affiliates: [{ status: 'same' }] });
    expect(await bring(test, rows)).toMatchObject({ whole: true, affiliates: [{ status: 'same' }] });
    await test.pays({ invoiceid: 'next', userid: '52', total: '100.00' });
    expect(await test.accounts(own)).toMatchObject({ cleared: 3000 + 7500 });
    await expectSound(test.knex, test.clock.now);
    await expectReplayable(test.knex);
  });

  it('nothing earns twice by an invoice that its rows name, whatever time was told and in whatever order', async () => {
    const test = await aProgram();
    await test.pays({ invoiceid: '9002', userid: '51', total: '100.00', at: AFTER });
    test.clock.advance({ hours: 3 });
    await bring(test, source(), OFF);
    await test.program.reconcile([paid('9003', '51', AFTER), paid('9001', '51', AFTER)], { apply: true });
    expect(await earned(test)).toEqual([]);
    expect(await reasons(test)).toEqual({
      '9001/1': 'earned_earlier',
      '9002/1': 'earned_earlier',
      '9003/1': 'earned_earlier',
    });
    await expectSound(test.knex, test.clock.now);
    await expectReplayable(test.knex);
  });

  it('an affiliate that was switched on here meanwhile earns as the one that it was', async () => {
    const test = await aProgram();
    test.clock.advance({ hours: 1 });
    await test.pays({ invoiceid: 'told', userid: '51', total: '100.00' });
    test.clock.advance({ hours: 1 });
    const own = await test.affiliate({ clientId: '31' });
    test.clock.advance({ hours: 1 });
    await bring(test, source(), OFF);
    expect((await broughtOver(test)).id).toBe(own.id);
    expect(await earned(test)).toEqual([['told/1', 1000, at(AFTER)]]);
    await expectSound(test.knex, test.clock.now);
    await expectReplayable(test.knex);
  });

  it('can be told after it was brought over, and not taken back', async () => {
    const test = await aProgram();
    test.clock.advance({ hours: 1 });
    await test.pays({ invoiceid: 'told', userid: '51', total: '100.00' });
    test.clock.advance({ hours: 2 });
    const rows = source({ affiliates: [affiliate(OWN_RATE)] });
    await bring(test, rows);
    const own = await broughtOver(test);
    expect(await earned(test)).toEqual([]);
    expect(await bring(test, rows, OFF)).toMatchObject({ whole: true, affiliates: [{ status: 'changed' }] });
    expect(await earned(test)).toEqual([['told/1', 2500, at(AFTER)]]);
    const later = await bring(test, rows, OFF + 7_200_000);
    expect(later).toMatchObject({ whole: true, affiliates: [{ status: 'same' }] });
    expect(said(later)).toEqual(['off_since_kept']);
    expect(await test.accounts(own)).toMatchObject({ cleared: 3000 + 2500 });
    test.clock.advance({ minutes: 1 });
    // Another rate there holds here from now on, and for nothing before.
    await bring(test, source({ affiliates: [affiliate({ ...OWN_RATE, payamount: '30.00' })] }));
    await test.program.reconcile([paid('missed', '52', AFTER)], { apply: true });
    await test.pays({ invoiceid: 'next', userid: '52', total: '100.00' });
    expect(await test.accounts(own)).toMatchObject({ cleared: 3000 + 2500 + 2500 + 3000 });
    await expectSound(test.knex, test.clock.now);
    await expectReplayable(test.knex);
  });

  it('what came over before invoices were noted is noted by the upgrade', async () => {
    const test = await aProgram();
    await bring(test, source());
    const noted = () =>
      test.knex('mod_affiliates_earlier_invoices').orderBy('invoice_id').pluck('invoice_id');
    const all = ['9001', '9002', '9003', '9004'];
    expect(await noted()).toEqual(all);
    await test.knex('mod_affiliates_earlier_invoices').whereNot({ invoice_id: '9003' }).delete();
    await test.knex('mod_affiliates_migrations').where({ name: '0112_earlier_invoices_filled' }).delete();
    await migrate(test.knex);
    expect(await noted()).toEqual(all);
  });

  it('a referral that comes over later counts from then on as well', async () => {
    const test = await aProgram();
    test.clock.advance({ hours: 3 });
    await bring(test, source({ accounts: source().accounts.slice(0, 1) }), OFF);
    test.clock.advance({ hours: 1 });
    await bring(test, source());
    await test.program.reconcile([paid('missed', '52', AFTER)], { apply: true });
    expect(await earned(test)).toEqual([['missed/1', 1000, at(AFTER)]]);
    await expectReplayable(test.knex);
  });
});
