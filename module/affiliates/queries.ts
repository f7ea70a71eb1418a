/** All the SQL of the affiliates' tables. */
import type { Knex } from 'knex';
import { WriteConflict } from '../database/dialect';
import type { AffiliateStatus, AffiliateView, FiguresView, ProgramRequestView } from '../views';

const AFFILIATES = 'mod_affiliates_affiliates';
const STATES = 'mod_affiliates_affiliate_states';
const TOTALS = 'mod_affiliates_affiliate_totals';
const REQUESTS = 'mod_affiliates_program_requests';

export interface AffiliateRecord {
  readonly id: number;
  readonly client_id: string;
  readonly code: string;
  readonly status: AffiliateStatus;
  readonly status_reason: string;
  readonly locale: string;
  readonly email_hash: string;
  readonly user_id: string;
  readonly enrolled_at: number;
  /** The affiliate that everything of this one became the property of, when their clients were merged. */
  readonly merged_into: number | null;
}

export const toView = (row: AffiliateRecord): AffiliateView => ({
  id: row.id,
  clientId: row.client_id,
  code: row.code,
  status: row.status,
  statusReason: row.status_reason,
  locale: row.locale,
  enrolledAt: row.enrolled_at,
});

async function first(knex: Knex, where: Partial<AffiliateRecord>): Promise<AffiliateView | null> {
  const row = await knex<AffiliateRecord>(AFFILIATES).where(where).first();
  return row ? toView(row) : null;
}

/** @returns the affiliate with this referral code; codes are lower-case, and people retype them as they like. */
export const affiliateByCode = (knex: Knex, code: string): Promise<AffiliateView | null> =>
  standing(knex, { code: code.toLowerCase() });

/** @returns the affiliate with this id, or the one it was merged into: links and cookies in the wild stay good. */
export const standingAffiliate = (knex: Knex, id: number): Promise<AffiliateView | null> =>
  standing(knex, { id });

async function standing(knex: Knex, where: Partial<AffiliateRecord>): Promise<AffiliateView | null> {
  const row = await knex<AffiliateRecord>(AFFILIATES).where(where).first();
  if (!row) return null;
  return row.merged_into === null ? toView(row) : standing(knex, { id: row.merged_into });
}

export const affiliateByClient = (knex: Knex, clientId: string): Promise<AffiliateView | null> =>
  first(knex, { client_id: clientId });

export const affiliateById = (knex: Knex, id: number): Promise<AffiliateView | null> => first(knex, { id });

/** @returns what affiliates are called by, by id. */
export async function namesOfAffiliates(
  knex: Knex,
  ids: readonly number[],
): Promise<Map<number, Pick<AffiliateView, 'id' | 'code' | 'clientId'>>> {
  const rows = await knex(AFFILIATES)
    .whereIn('id', ids)
    .select<{ id: number; code: string; client_id: string }[]>('id', 'code', 'client_id');
  return new Map(rows.map(({ client_id, ...row }) => [row.id, { ...row, clientId: client_id }]));
}

/** @returns the affiliate's number. @throws a unique violation when the code or the client is taken */
export async function insertAffiliate(
  trx: Knex.Transaction,
  row: Omit<AffiliateRecord, 'id'> & { readonly id?: number },
): Promise<number> {
  const [id] = (await trx(AFFILIATES).insert(row)) as [number];
  await trx(TOTALS).insert({ affiliate_id: id, clicks: 0, signups: 0, conversions: 0 });
  return id;
}

export async function updateAffiliate(
  trx: Knex.Transaction,
  id: number,
  changes: Partial<Omit<AffiliateRecord, 'id'>>,
): Promise<void> {
  await trx<AffiliateRecord>(AFFILIATES).where({ id }).update(changes);
}

/** Adds to the history of what the affiliate was when. */
export async function insertState(
  trx: Knex.Transaction,
  state: { id: string; affiliate_id: number; status: AffiliateStatus; at: number },
): Promise<void> {
  await trx(STATES).insert(state);
}

/** @returns what the affiliate was at a moment (ms), null before it was enrolled. */
export async function statusAt(knex: Knex, affiliateId: number, at: number): Promise<AffiliateStatus | null> {
  const row: { status: AffiliateStatus } | undefined = await knex(STATES)
    .where({ affiliate_id: affiliateId })
    .andWhere('at', '<=', at)
    .orderBy([
      { column: 'at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .first('status');
  return row?.status ?? null;
}

/**
 * Lets one affiliate stand for another, and for all that the other stood for. The one that stands is never merged into
 * anything itself, so that a link always leads somewhere.
 */
export async function mergeInto(trx: Knex.Transaction, from: number, to: number): Promise<void> {
  await trx<AffiliateRecord>(AFFILIATES)
    .where({ id: from })
    .orWhere({ merged_into: from })
    .update({ merged_into: to });
  await updateAffiliate(trx, to, { merged_into: null });
}

/**
 * Keeps an affiliate from being merged into another until this transaction ends, by writing to its row.
 * @throws WriteConflict when it was merged since it was read
 */
export async function holdAffiliate(trx: Knex.Transaction, id: number): Promise<void> {
  const held = await trx(AFFILIATES).where({ id, merged_into: null }).update({ merged_into: null });
  if (held !== 1) throw new WriteConflict('an affiliate was merged into another');
}

/** Takes away what identifies the person behind an affiliate, and behind those that were merged into it. */
export async function erasePerson(trx: Knex.Transaction, id: number): Promise<void> {
  await trx<AffiliateRecord>(AFFILIATES)
    .where({ id })
    .orWhere({ merged_into: id })
    .update({ email_hash: '', user_id: '', status_reason: '' });
}

/** @returns affiliates that share an address or a login with a client; '' or nothing is shared by nobody. */
export async function affiliatesSharing(
  knex: Knex,
  { emailHash, userId }: { emailHash?: string; userId?: string },
): Promise<AffiliateRecord[]> {
  if (!emailHash && !userId) return [];
  return knex<AffiliateRecord>(AFFILIATES).where((either) => {
    if (emailHash) void either.orWhere({ email_hash: emailHash });
    if (userId) void either.orWhere({ user_id: userId });
  });
}

export async function figuresOf(knex: Knex, affiliateId: number): Promise<FiguresView> {
  const row: FiguresView | undefined = await knex(TOTALS)
    .where({ affiliate_id: affiliateId })
    .first('clicks', 'signups', 'conversions');
  return row ?? { clicks: 0, signups: 0, conversions: 0 };
}

/** Adds to the kept figures of one affiliate. */
export async function addToFigures(
  trx: Knex.Transaction,
  affiliateId: number,
  more: Partial<FiguresView>,
): Promise<void> {
  await trx(TOTALS)
    .where({ affiliate_id: affiliateId })
    .update(
      Object.fromEntries(
        Object.entries(more).map(([figure, by]) => [figure, trx.raw('?? + ?', [figure, by])]),
      ),
    );
}

/** @returns all affiliates with their figures as a query, for a list to page through by id. */
export function affiliateRows(
  knex: Knex,
  search: string,
): Knex.QueryBuilder<object, (AffiliateRecord & FiguresView)[]> {
  const rows = knex({ a: AFFILIATES })
    .join({ t: TOTALS }, 't.affiliate_id', 'a.id')
    .select('a.*', 't.clicks', 't.signups', 't.conversions') as Knex.QueryBuilder<
    object,
    (AffiliateRecord & FiguresView)[]
  >;
  if (!search) return rows;
  return rows.where((either) => {
    void either.where('a.code', search.toLowerCase()).orWhere('a.client_id', search);
  });
}

interface RequestRow {
  readonly ticket_id: string;
  readonly client_id: string;
  readonly asked_at: number;
  /** 0 or 1 in SQLite and MySQL alike */
  readonly answered: boolean | number;
}

const toRequest = (row: RequestRow): ProgramRequestView => ({
  ticketId: row.ticket_id,
  clientId: row.client_id,
  askedAt: row.asked_at,
});

/** Notes that a ticket asks for the program; a ticket asks once. */
export async function insertRequest(trx: Knex.Transaction, row: Omit<RequestRow, 'answered'>): Promise<void> {
  await trx(REQUESTS)
    .insert({ ...row, answered: false })
    .onConflict(['ticket_id'])
    .ignore();
}

export async function answerRequests(trx: Knex.Transaction, clientId: string): Promise<void> {
  await trx(REQUESTS).where({ client_id: clientId, answered: false }).update({ answered: true });
}

export async function openRequestOf(knex: Knex, clientId: string): Promise<ProgramRequestView | null> {
  const row = await knex<RequestRow>(REQUESTS)
    .where({ client_id: clientId, answered: false })
    .orderBy('asked_at', 'desc')
    .first();
  return row ? toRequest(row) : null;
}

export async function countRequests(knex: Knex, clientId: string): Promise<number> {
  return (await knex(REQUESTS).where({ client_id: clientId }).pluck('ticket_id')).length;
}

export async function openRequests(knex: Knex): Promise<ProgramRequestView[]> {
  const rows = await knex<RequestRow>(REQUESTS).where({ answered: false }).orderBy('asked_at').limit(200);
  return rows.map(toRequest);
}

export async function isProgramRequest(knex: Knex, ticketId: string): Promise<boolean> {
  return (await knex(REQUESTS).where({ ticket_id: ticketId }).first('ticket_id')) !== undefined;
}
