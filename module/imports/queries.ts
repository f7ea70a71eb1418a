/** All the SQL of what came over from an earlier program. */
import type { Knex } from 'knex';
import { WriteConflict } from '../database/dialect';
import { insertRows } from '../database/insertRows';
import type { ImportedHistory, ImportedLine } from '../events/rules';
import type { Currency } from '../money';
import type { EarlierEntryView } from '../views';
import type { KeptLine, Opening } from './rules';

const IMPORTS = 'mod_affiliates_imports';
const LINES = 'mod_affiliates_import_lines';
const HISTORY = 'mod_affiliates_import_history';
/** SQLite takes no more values in one statement than this, by far. */
const MOST_IDS = 500;

/** What came over of one affiliate of the earlier program. */
export interface ImportRow extends Opening {
  readonly legacy_id: string;
  readonly affiliate_id: number;
  readonly currency: Currency;
  readonly visitors: number;
  /** JSON of the override that the source told last; 'null' for none. */
  readonly terms: string;
  /** Counts its events. */
  readonly version: number;
  readonly imported_at: number;
  /** From when on what its referrals pay is this program's; null: from when it came over. */
  readonly earns_from: number | null;
}

export async function importOf(knex: Knex, legacyId: string): Promise<ImportRow | null> {
  return (await knex<ImportRow>(IMPORTS).where({ legacy_id: legacyId }).first()) ?? null;
}

export async function insertImport(trx: Knex.Transaction, row: ImportRow): Promise<void> {
  await trx(IMPORTS).insert(row);
}

/** Makes this transaction the only one that changes what came over of an affiliate, until it ends. */
export async function claimImport(trx: Knex.Transaction, legacyId: string): Promise<ImportRow | null> {
  const bumped = await trx(IMPORTS)
    .where({ legacy_id: legacyId })
    .update({ version: trx.raw('?? + 1', ['version']) });
  return bumped === 1 ? importOf(trx, legacyId) : null;
}

export async function updateImport(
  trx: Knex.Transaction,
  legacyId: string,
  changes: Partial<ImportRow>,
): Promise<void> {
  await trx<ImportRow>(IMPORTS).where({ legacy_id: legacyId }).update(changes);
}

interface LineRow {
  readonly line_id: string;
  readonly legacy_id: string;
  readonly amount: number;
  readonly clears_at: number;
  readonly state: KeptLine['state'];
  readonly invoice_id: string;
  readonly service_id: string;
}

const toLine = (row: LineRow): KeptLine => ({
  lineId: row.line_id,
  amount: row.amount,
  clearsAt: row.clears_at,
  state: row.state,
  invoiceId: row.invoice_id,
  serviceId: row.service_id,
});

/** @returns the lines that came over of one affiliate, by their ids. */
export async function linesOf(knex: Knex, legacyId: string): Promise<Map<string, KeptLine>> {
  const rows = await knex<LineRow>(LINES).where({ legacy_id: legacyId }).orderBy('line_id');
  return new Map(rows.map((row) => [row.line_id, toLine(row)]));
}

export async function insertLines(
  trx: Knex.Transaction,
  legacyId: string,
  lines: readonly ImportedLine[],
): Promise<void> {
  const rows = lines.map(({ lineId, amount, clearsAt, invoiceId, serviceId }): LineRow => ({
    line_id: lineId,
    legacy_id: legacyId,
    amount,
    clears_at: clearsAt,
    state: 'clearing',
    invoice_id: invoiceId,
    service_id: serviceId,
  }));
  await insertRows(trx, LINES, rows);
}

/** @throws WriteConflict when the line has cleared meanwhile */
export async function reviseLine(
  trx: Knex.Transaction,
  { lineId, state }: KeptLine,
  changes: Partial<Pick<LineRow, 'amount' | 'clears_at' | 'state'>>,
): Promise<void> {
  const revised = await trx<LineRow>(LINES).where({ line_id: lineId, state }).update(changes);
  if (revised !== 1) throw new WriteConflict('a line cleared while it was imported again');
}

/** A line that is due, and whose it is. */
export interface DueLine {
  readonly line_id: string;
  readonly legacy_id: string;
  readonly amount: number;
  readonly affiliate_id: number;
  readonly currency: Currency;
}

/** @returns lines whose clearing date has come, so many at most; ms, UTC. */
export async function dueLines(knex: Knex, now: number, most: number): Promise<DueLine[]> {
  return knex({ l: LINES })
    .join({ i: IMPORTS }, 'i.legacy_id', 'l.legacy_id')
    .where({ 'l.state': 'clearing' })
    .andWhere('l.clears_at', '<=', now)
    .orderBy([{ column: 'l.clears_at' }, { column: 'l.line_id' }])
    .limit(most)
    .select('l.line_id', 'l.legacy_id', 'l.amount', 'i.affiliate_id', 'i.currency');
}

/** @throws WriteConflict when another process clears some of them, or they changed, at the same time */
export async function markLinesCleared(trx: Knex.Transaction, due: readonly DueLine[]): Promise<void> {
  for (const { line_id, amount } of due) {
    const marked = await trx<LineRow>(LINES)
      .where({ line_id, amount, state: 'clearing' })
      .update({ state: 'cleared' });
    if (marked !== 1) throw new WriteConflict('a line was cleared by another process');
  }
}

/** Moves an amount from what is clearing of an import to what is cleared. */
export async function shiftToCleared(trx: Knex.Transaction, legacyId: string, amount: number): Promise<void> {
  await trx(IMPORTS)
    .where({ legacy_id: legacyId })
    .update({
      clearing: trx.raw('?? - ?', ['clearing', amount]),
      cleared: trx.raw('?? + ?', ['cleared', amount]),
    });
}

/** Gives what came over of one affiliate to another: what clears later is posted to that one. */
export async function moveImports(trx: Knex.Transaction, from: number, to: number): Promise<void> {
  await trx(IMPORTS).where({ affiliate_id: from }).update({ affiliate_id: to });
}

/** Keeps rows of the earlier program's history; one that is known stays. */
export async function insertHistory(
  trx: Knex.Transaction,
  legacyId: string,
  rows: readonly ImportedHistory[],
): Promise<void> {
  const kept = rows.map(({ kind, entryId, at, amount, invoiceId, serviceId }) => ({
    kind,
    entry_id: entryId,
    legacy_id: legacyId,
    at,
    amount,
    invoice_id: invoiceId,
    service_id: serviceId,
  }));
  await insertRows(trx, HISTORY, kept, ['kind', 'entry_id']);
}

/** @returns those of the rows that are not kept yet. */
export async function unknownHistory(
  knex: Knex,
  rows: readonly ImportedHistory[],
): Promise<ImportedHistory[]> {
  const known = new Set<string>();
  for (const kind of ['commission', 'withdrawal'] as const) {
    const ids = rows.filter((row) => row.kind === kind).map(({ entryId }) => entryId);
    for (const some of inParts(ids, MOST_IDS)) {
      const found = await knex(HISTORY).where({ kind }).whereIn('entry_id', some).pluck('entry_id');
      for (const id of found as string[]) known.add(`${kind} ${id}`);
    }
  }
  return rows.filter(({ kind, entryId }) => !known.has(`${kind} ${entryId}`));
}

/** @returns the newest rows of an affiliate's history there, so many at most. */
export async function earlierEntries(
  knex: Knex,
  affiliateId: number,
  limit: number,
): Promise<EarlierEntryView[]> {
  return knex({ h: HISTORY })
    .join({ i: IMPORTS }, 'i.legacy_id', 'h.legacy_id')
    .where('i.affiliate_id', affiliateId)
    .orderBy([
      { column: 'h.at', order: 'desc' },
      { column: 'h.kind' },
      { column: 'h.entry_id', order: 'desc' },
    ])
    .limit(limit)
    .select('h.kind', 'h.at', 'h.amount', 'i.currency', { invoiceId: 'h.invoice_id' });
}

/** @returns the list in parts of so many at most; none of an empty one. */
export function inParts<T>(list: readonly T[], most: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < list.length; start += most) parts.push(list.slice(start, start + most));
  return parts;
}
