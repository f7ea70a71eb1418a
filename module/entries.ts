/** Entries as people read them: with the referral, as far as privacy allows, and what was bought. */
import type { Knex } from 'knex';
import { describeCommissions } from './commissions';
import { describeCorrections } from './corrections';
import type { PostedRow } from './ledger';
import { namesOf } from './referrals';
import type { Settings } from './settings';
import type { EntryView } from './views';

/** @returns an entry per row, in the rows' order */
export async function describeEntries(
  knex: Knex,
  { referralPrivacy }: Pick<Settings, 'referralPrivacy'>,
  rows: readonly PostedRow[],
): Promise<EntryView[]> {
  const commissionIds = rows.map((row) => row.commission_id).filter((id) => id !== null);
  const commissions = await describeCommissions(knex, commissionIds);
  const referralIds = [...commissions.values()].map(({ referralId }) => referralId);
  const names = await namesOf(knex, referralIds, referralPrivacy);
  const correctionKeys = rows.filter(({ kind }) => kind === 'correct').map(({ key }) => key);
  const corrections = await describeCorrections(knex, correctionKeys);
  return rows.map((row): EntryView => {
    const commission = commissions.get(row.commission_id ?? '');
    return {
      id: row.id,
      kind: row.kind,
      at: row.at,
      currency: row.currency,
      amount: row.amount,
      referral: names.get(commission?.referralId ?? '') ?? '',
      product: commission?.product ?? '',
      withdrawalId: row.withdrawal_id ?? '',
      correction: corrections.get(row.key) ?? null,
    };
  });
}
