import { addToFigures, importAffiliate } from '../affiliates';
import { AffiliatesError } from '../errors';
import type { EventPayloads, ImportedAffiliate } from '../events/rules';
import { post, type Account, type LedgerTransaction } from '../ledger';
import { sum } from '../money';
import { noteEarlierInvoices } from '../referrals';
import { changeTerms, versionsFor } from '../terms';
import type { UnitOfWork } from '../unitOfWork';
import {
  claimImport,
  importOf,
  insertHistory,
  insertImport,
  insertLines,
  linesOf,
  reviseLine,
  updateImport,
  type ImportRow,
} from './queries';
import { clearedOf, type KeptLine } from './rules';

/**
 * Brings what an earlier program says of an affiliate to what it says now: the affiliate, its old number, its own rate,
 * and its money as opening entries. Told again, it posts the difference to what came over before; told the same, nothing.
 * @returns the affiliate's number
 * @throws AffiliatesError import_currency_changed
 */
export async function bringAffiliate(
  work: UnitOfWork,
  told: ImportedAffiliate,
): Promise<{ affiliateId: number }> {
  const before = await claim(work, told);
  const { affiliate_id: affiliateId } = before;
  if (before.currency !== told.currency) {
    const { legacyId: legacy, currency: now } = told;
    throw new AffiliatesError('import_currency_changed', { legacy, before: before.currency, now });
  }
  const lines = await bringLines(work, told, affiliateId);
  const clearedHere = clearedOf([...(await linesOf(work.trx, told.legacyId)).values()]);
  const changes = {
    cleared: sum([told.balance, clearedHere, -before.cleared]),
    withdrawn: sum([told.withdrawn, -before.withdrawn]),
  };
  await post(work, [
    ...lines,
    ...opening(work, told, affiliateId, 'cleared', changes.cleared),
    ...opening(work, told, affiliateId, 'withdrawn', changes.withdrawn),
  ]);
  await addToFigures(work.trx, affiliateId, { clicks: sum([told.visitors, -before.visitors]) });
  await bringTerms(work, told, before);
  await updateImport(work.trx, told.legacyId, {
    clearing: sum([before.clearing, ...lines.map(intoClearing)]),
    cleared: sum([before.cleared, changes.cleared]),
    withdrawn: told.withdrawn,
    visitors: told.visitors,
    terms: JSON.stringify(told.terms),
    earns_from: earliest(before.earns_from, told.earnsFrom),
  });
  return { affiliateId };
}

async function claim(work: UnitOfWork, told: ImportedAffiliate): Promise<ImportRow> {
  const known = await claimImport(work.trx, told.legacyId);
  if (known) return known;
  const row: ImportRow = {
    legacy_id: told.legacyId,
    affiliate_id: await importAffiliate(work, told),
    currency: told.currency,
    clearing: 0,
    cleared: 0,
    withdrawn: 0,
    visitors: 0,
    terms: 'null',
    version: 1,
    imported_at: work.at,
    earns_from: null,
  };
  await insertImport(work.trx, row);
  return row;
}

/** Notes the lines that wait for their date, and gives back those that wait no more. @returns what is to be posted */
async function bringLines(
  work: UnitOfWork,
  told: ImportedAffiliate,
  affiliateId: number,
): Promise<LedgerTransaction[]> {
  const { trx } = work;
  const kept = await linesOf(trx, told.legacyId);
  const changes: [lineId: string, amount: number][] = [];
  await insertLines(
    trx,
    told.legacyId,
    told.pending.filter(({ lineId }) => !kept.has(lineId)),
  );
  await noteEarlierInvoices(
    trx,
    told.pending.map(({ invoiceId }) => invoiceId),
  );
  for (const line of told.pending) {
    const known = kept.get(line.lineId);
    const hasCleared = known?.state === 'cleared';
    if (known) {
      await reviseLine(trx, known, {
        amount: line.amount,
        clears_at: hasCleared ? known.clearsAt : line.clearsAt,
        state: hasCleared ? 'cleared' : 'clearing',
      });
    }
    // What has cleared here is cleared: the difference is in the balance.
    if (!hasCleared) changes.push([line.lineId, sum([line.amount, -clearingOf(known)])]);
  }
  for (const known of told.gone.flatMap((lineId) => kept.get(lineId) ?? [])) {
    if (known.state !== 'gone') await reviseLine(trx, known, { state: 'gone' });
    changes.push([known.lineId, sum([-clearingOf(known)])]);
  }
  return changes.flatMap(([lineId, amount]) =>
    opening(work, told, affiliateId, 'clearing', amount, `:${lineId}`),
  );
}

const clearingOf = (line: KeptLine | undefined): number => (line?.state === 'clearing' ? line.amount : 0);

const intoClearing = ({ entries }: LedgerTransaction): number =>
  sum(entries.filter(({ account }) => account === 'clearing').map(({ amount }) => amount));

/** @returns the posting that changes an account by an amount, against the program's own side; none for none */
function opening(
  { at, eventId }: UnitOfWork,
  { legacyId, currency }: ImportedAffiliate,
  affiliateId: number,
  account: Account,
  amount: number,
  line = '',
): LedgerTransaction[] {
  if (amount === 0) return [];
  return [
    {
      key: `opening:${legacyId}:${account}${line}:${eventId}`,
      kind: 'opening',
      affiliateId,
      currency,
      amount: Math.abs(amount),
      commissionId: null,
      withdrawalId: null,
      at,
      entries: [
        { affiliateId, account: 'expense', amount: -amount },
        { affiliateId, account, amount },
      ],
    },
  ];
}

const earliest = (known: number | null, told: number | undefined): number | null =>
  told === undefined ? known : Math.min(told, known ?? told);

/**
 * A rate of its own holds from now on, unless staff have given the affiliate one here; and for what was paid since the
 * earlier program was switched off, by which nothing has been earned yet.
 */
async function bringTerms(
  work: UnitOfWork,
  { terms, earnsFrom }: ImportedAffiliate,
  before: ImportRow,
): Promise<void> {
  const beginsEarlier = earnsFrom !== undefined && earnsFrom < (before.earns_from ?? before.imported_at);
  const isNew = JSON.stringify(terms) !== before.terms;
  if (terms === null || !(isNew || beginsEarlier)) return;
  const { affiliate_id: affiliateId } = before;
  const own = (await versionsFor(work.trx, affiliateId, [])).filter(
    ({ scope, scopeKey }) => scope === 'affiliate' && scopeKey === String(affiliateId),
  );
  if (own.some(({ madeBy }) => madeBy !== 'system')) return;
  const change = { scope: 'affiliate', scopeKey: String(affiliateId), ...terms, clearingDays: null } as const;
  if (beginsEarlier) await changeTerms(work, { ...change, from: earnsFrom }, earnsFrom);
  // Of one that came over before, a version is there that would follow.
  if (isNew && (!beginsEarlier || before.version > 1)) await changeTerms(work, change);
}

/**
 * Keeps what an affiliate earned and was paid in an earlier program, row by row: the evidence beside the balance.
 * @throws AffiliatesError import_missing for an affiliate that was not imported
 */
export async function bringHistory(
  work: UnitOfWork,
  { legacyId, rows }: EventPayloads['history.imported'],
): Promise<void> {
  if (!(await importOf(work.trx, legacyId)))
    throw new AffiliatesError('import_missing', { legacy: legacyId });
  await insertHistory(work.trx, legacyId, rows);
  await noteEarlierInvoices(
    work.trx,
    rows.map(({ invoiceId }) => invoiceId),
  );
}
