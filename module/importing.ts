/**
 * Brings over what an earlier program says: looks, applies what is news, and proves that both sides agree. Everything is an
 * event, each in a transaction of its own, so that an import that dies goes on where it stopped.
 */
import type { Knex } from 'knex';
import { monotonicFactory } from 'ulid';
import { changeProgram, readProgram } from './database/reading';
import { act, type Intake } from './events';
import type { EventPayloads, EventType, ImportedLine, Personal } from './events/rules';
import { HANDLERS } from './handlers';
import { assemble, inParts, ledgerFigures, planOf, type Plan, type Rows } from './imports';
import { sameFigures, type EarlierProgram, type Figures, type LostRow, type Note } from './imports/rules';
import { hashEmail, identityKeyReader } from './keys';
import type { Settings } from './settings';

export interface ImportedReport {
  readonly legacyId: string;
  readonly clientId: string;
  readonly affiliateId: number | null;
  readonly currency: string;
  readonly status: 'new' | 'changed' | 'same' | 'refused';
  /** Why it does not come over; null where it does. */
  readonly refusal: Note | null;
  /** What the source shows, and by how much that differs from what came over before; minor units. */
  readonly source: Figures | null;
  readonly change: Figures | null;
  /** After applying: what the ledger holds, and whether it is what the source shows; null in a dry run. */
  readonly ledger: Figures | null;
  readonly agrees: boolean | null;
  readonly referrals: { readonly news: number; readonly known: number };
  /** Rows of history that are news. */
  readonly history: number;
  readonly notes: readonly Note[];
}

export interface ImportReport {
  readonly applied: boolean;
  /** Whether the earlier program still earns and pays; null where that was not told. */
  readonly isOn: boolean | null;
  readonly affiliates: readonly ImportedReport[];
  readonly lost: readonly LostRow[];
  /** Whether everything came over, or would, and both sides agree. */
  readonly whole: boolean;
}

export interface ImportOptions {
  /** Those that the program runs with. */
  readonly settings: Settings;
  /** ms, UTC */
  readonly now: () => number;
  /** When the earlier program was switched off: what is paid from then on is this program's; ms, UTC. */
  readonly offSince?: number | undefined;
  /** Without it nothing is written. */
  readonly apply: boolean;
  readonly progress: (done: number, total: number) => void;
}

/**
 * @param address as for `affiliates({ database })`
 * @throws AffiliatesError database_unusable as `readProgram`
 */
export async function importInto(address: string, rows: Rows, options: ImportOptions): Promise<ImportReport> {
  const run = (knex: Knex) => importFrom(knex, rows, options);
  return options.apply ? changeProgram(address, run) : readProgram(address, run);
}

/** The same for a database that is open. */
export async function importFrom(knex: Knex, rows: Rows, options: ImportOptions): Promise<ImportReport> {
  const { settings, now, offSince = null, apply, progress } = options;
  const source = assemble(rows, { timeZone: settings.timeZone, now: now() });
  const affiliates: ImportedReport[] = source.refused.map(reportOfRefused);
  const perform = performer(knex, options);
  for (const [index, affiliate] of source.affiliates.entries()) {
    progress(index, source.affiliates.length);
    const plan = await planOf(knex, affiliate, offSince);
    const applied = apply && !plan.refusal ? await applyPlan(plan, perform) : null;
    affiliates.push(await reportOfPlan(knex, plan, applied));
  }
  progress(source.affiliates.length, source.affiliates.length);
  return reportOf(source, affiliates, apply);
}

function reportOf(
  { isOn, lost }: EarlierProgram,
  affiliates: readonly ImportedReport[],
  applied: boolean,
): ImportReport {
  const whole = affiliates.every(({ refusal, agrees }) => refusal === null && agrees !== false);
  const sorted = [...affiliates].sort((one, other) => Number(one.legacyId) - Number(other.legacyId));
  return { applied, isOn, affiliates: sorted, lost, whole };
}

type Perform = <T extends EventType>(
  type: T,
  id: string,
  payload: EventPayloads[T],
  beside?: { readonly person: Plan['affiliate']['person']; readonly of: string; readonly named: boolean },
) => Promise<Readonly<Record<string, unknown>>>;

const silent = (): void => undefined;

function performer(knex: Knex, { settings, now }: ImportOptions): Perform {
  const next = monotonicFactory();
  const identityKey = identityKeyReader();
  const logger = { info: silent, warn: silent, error: silent };
  const newId = () => next(now());
  const intake: Intake = { knex, settings, logger, handlers: HANDLERS, now, newId, identityKey };
  return async (type, id, payload, beside) => {
    const event = { source: 'import', id, type, occurredAt: now(), by: { kind: 'system' }, payload } as const;
    if (!beside) return act(intake, event);
    const { firstName, lastName, email } = beside.person;
    const emailHash = hashEmail(await identityKey(knex), email);
    const personal: Personal = { ...(beside.named && { firstName, lastName }), emailHash };
    return act(intake, { ...event, personal, personalOf: beside.of });
  };
}

/** Bounds what one event holds, and how long its transaction is open. */
const MOST_ROWS = 500;

/** What became of applying: its number, and the referrals that turned out to be the affiliate itself. */
interface Applied {
  readonly affiliateId: number | null;
  readonly refused: readonly Note[];
}

async function applyPlan(plan: Plan, perform: Perform): Promise<Applied> {
  const { affiliate, version, history, referrals } = plan;
  const { legacyId } = affiliate;
  const beginning = beginningOf(plan);
  let { affiliateId } = plan;
  if (plan.isNews) {
    for (const [index, payload] of snapshots(plan).entries()) {
      // The version tells a second 100.00 after a 90.00 from the first: it is another event.
      const id = `affiliate:${legacyId}:${version + index}`;
      const beside = { person: affiliate.person, of: affiliate.clientId, named: false };
      const result = await perform('affiliate.imported', id, payload, beside);
      affiliateId = Number(result['affiliateId']);
    }
  }
  // Before the referrals: what they have paid meanwhile is settled with them, and must not earn twice.
  for (const rows of inParts(history, MOST_ROWS)) {
    const [first] = rows;
    const id = `history:${legacyId}:${first?.kind ?? ''}:${first?.entryId ?? ''}:${rows.length}`;
    await perform('history.imported', id, { legacyId, rows });
  }
  const refused: Note[] = [];
  for (const { person, ...referral } of referrals) {
    const from = plan.earnsFrom === null ? '' : `:${plan.earnsFrom}`;
    const id = `referral:${legacyId}:${referral.clientId}:${referral.services.length}${from}`;
    const beside = { person, of: referral.clientId, named: true };
    const result = await perform('referral.imported', id, { legacyId, ...referral, ...beginning }, beside);
    if (result['attribution'] === 'self_referral')
      refused.push({ code: 'self_referral', parameters: { client: referral.clientId } });
  }
  return { affiliateId, refused };
}

const beginningOf = ({ earnsFrom }: Plan): { earnsFrom?: number } =>
  earnsFrom === null ? {} : { earnsFrom };

/** @returns the affiliate as the source has it, in as many parts as its lines take */
function snapshots(plan: Plan): EventPayloads['affiliate.imported'][] {
  const { affiliate, pending, gone } = plan;
  const { legacyId, clientId, enrolledAt, closed, locale, currency, balance, withdrawn, visitors, terms } =
    affiliate;
  const rest = {
    legacyId,
    clientId,
    enrolledAt,
    closed,
    locale,
    currency,
    balance,
    withdrawn,
    visitors,
    terms,
    ...beginningOf(plan),
  };
  const lines = inParts<ImportedLine>(pending, MOST_ROWS);
  const ends = inParts(gone, MOST_ROWS);
  const parts = Math.max(1, lines.length, ends.length);
  return Array.from({ length: parts }, (_, index) => ({
    ...rest,
    pending: lines[index] ?? [],
    gone: ends[index] ?? [],
  }));
}

function reportOfRefused({ legacyId, clientId, refusal }: EarlierProgram['refused'][number]): ImportedReport {
  return {
    legacyId,
    clientId,
    affiliateId: null,
    currency: '',
    status: 'refused',
    refusal,
    source: null,
    change: null,
    ledger: null,
    agrees: null,
    referrals: { news: 0, known: 0 },
    history: 0,
    notes: [],
  };
}

async function reportOfPlan(knex: Knex, plan: Plan, applied: Applied | null): Promise<ImportedReport> {
  const { affiliate, source, change, refusal, referrals, history } = plan;
  const ledger = applied ? await ledgerFigures(knex, affiliate) : null;
  return {
    legacyId: affiliate.legacyId,
    clientId: affiliate.clientId,
    affiliateId: applied?.affiliateId ?? plan.affiliateId,
    currency: affiliate.currency,
    status: statusOf(plan),
    refusal,
    source,
    change,
    ledger,
    agrees: ledger && sameFigures(ledger, source),
    referrals: { news: referrals.length - (applied?.refused.length ?? 0), known: plan.knownReferrals },
    history: history.length,
    notes: [...plan.notes, ...(applied?.refused ?? [])],
  };
}

function statusOf({ refusal, version, isNews, referrals, history }: Plan): ImportedReport['status'] {
  if (refusal) return 'refused';
  if (version === 0) return 'new';
  return isNews || referrals.length > 0 || history.length > 0 ? 'changed' : 'same';
}
