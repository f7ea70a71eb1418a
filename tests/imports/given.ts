/** An earlier program with the mess that real ones have, and ways to bring it over. */
import type { Knex } from 'knex';
import { importFrom, type ImportReport } from '../../module/importing';
import { readRows } from '../../module/imports';
import { readSettings } from '../../module/settings';
import { PORTAL, type TestProgram } from '../support/given';

/** One affiliate in dollars with two referrals: 30.00 to withdraw, 20.00 paid, 5.00 and 7.50 pending. */
export function source(changes: Partial<Record<string, unknown>> = {}) {
  return {
    enabled: '',
    affiliates: [affiliate()],
    accounts: [
      { id: 1, affiliateid: 7, relid: 101, lastpaid: '2026-02-01' },
      { id: 2, affiliateid: 7, relid: 102, lastpaid: '0000-00-00' },
    ],
    history: [
      { id: 1, affiliateid: 7, date: '2026-01-10', affaccid: 1, invoice_id: 9001, amount: '45.00' },
      { id: 2, affiliateid: 7, date: '2026-02-01', affaccid: 1, invoice_id: 9002, amount: '5.00' },
    ],
    pending: [
      { id: 1, affaccid: 1, invoice_id: 9003, amount: '5.00', clearingdate: '2026-03-05' },
      { id: 2, affaccid: 1, invoice_id: 9004, amount: '7.50', clearingdate: '2026-03-20' },
    ],
    withdrawals: [{ id: 1, affiliateid: 7, date: '2026-01-20', amount: '20.00' }],
    services: [
      { id: 101, userid: 51, packageid: 1, regdate: '2025-12-20' },
      { id: 102, userid: 52, packageid: 1, regdate: '2026-01-02' },
    ],
    clients: [client(31), client(51), client(52)],
    currencies: CURRENCIES,
    ...changes,
  };
}

const CURRENCIES = [
  { id: 1, code: 'USD' },
  { id: 2, code: 'EUR' },
  { id: 3, code: 'JPY' },
];

export const client = (id: number, told: Record<string, unknown> = {}) => ({
  id,
  status: 'Active',
  currency: 1,
  datecreated: '2025-12-15',
  firstname: 'Ada',
  lastname: `Client${id}`,
  email: `client${id}@example.org`,
  language: 'english',
  ...told,
});

export const affiliate = (told: Record<string, unknown> = {}) => ({
  id: 7,
  date: '2025-11-01',
  clientid: 31,
  visitors: 240,
  paytype: '',
  payamount: '0.00',
  onetime: 0,
  balance: '30.00',
  withdrawn: '20.00',
  ...told,
});

/** Brings a source over, or looks what would be. */
export function bring(test: TestProgram, from: object, apply = true): Promise<ImportReport> {
  return importFrom(test.knex, readRows(from), {
    settings: readSettings({ portalUrl: PORTAL, approvalAbove: '' }),
    now: () => test.clock.now().getTime(),
    apply,
    progress: () => undefined,
  });
}

/** The codes of everything that was said about an affiliate. */
export function said({ affiliates }: ImportReport, legacyId = '7'): string[] {
  const found = affiliates.find((each) => each.legacyId === legacyId);
  return [...(found?.refusal ? [found.refusal.code] : []), ...(found?.notes ?? []).map(({ code }) => code)];
}

/** @returns the affiliate that came over under a number */
export async function broughtOver(test: TestProgram, legacyId = '7') {
  const row = (await test.knex('mod_affiliates_legacy_ids').where({ legacy_id: legacyId }).first()) as {
    affiliate_id: number;
  };
  return (await test.reads.affiliate(row.affiliate_id))!;
}

/** Everything in the database, as text. */
export async function dump(knex: Knex): Promise<string> {
  const tables = (await knex('sqlite_master')
    .where({ type: 'table' })
    .orderBy('name')
    .pluck('name')) as string[];
  const all = await Promise.all(tables.map(async (table) => [table, await knex<object>(table)]));
  return JSON.stringify(all);
}
