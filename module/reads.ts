/** What pages may look at, put together from the nouns' own queries. Reads change nothing and lock nothing. */
import type { Knex } from 'knex';
import {
  affiliateByClient,
  affiliateById,
  affiliateRows,
  concernsAbout,
  figuresOf,
  isProgramRequest,
  openRequestOf,
  openRequests,
  toView as toAffiliate,
} from './affiliates';
import { auditRows } from './audit';
import { testLink } from './clicks';
import { troubledCommands, type TroubledCommand } from './commands';
import { holdReads, markReads } from './commissions';
import { correctionById, correctionRows, toView as toCorrection } from './corrections';
import { pageOf } from './database/keyset';
import { describeEntries } from './entries';
import { disputeReads } from './disputes';
import { troubledEvents, type TroubleRow } from './events';
import type { Answer } from './events/rules';
import { earlierEntries } from './imports';
import { balancesIn, balancesOf, programBalances, transactionsOf, type PostedRow } from './ledger';
import type { Reads } from './module';
import { monthReads } from './month';
import { liabilityOf } from './liability';
import { reconcileReads } from './reconcile';
import { listReferrals } from './referrals';
import { lastProof } from './proof';
import { createSimulation } from './replay';
import type { Settings } from './settings';
import { termsReads } from './termsReads';
import type { AffiliateRow, EntryView, Rows, StatementView, TroubleView } from './views';
import { isAffiliatesError, type ErrorCode } from './errors';
import {
  halfApproved,
  statementOf,
  toView as toWithdrawal,
  withdrawalById,
  withdrawalRows,
} from './withdrawals';
import { deliveriesOf, endpointStates } from './webhooks';
import { whyReads } from './whyReads';

const MOST_TROUBLE = 100;
const MOST_WITHDRAWALS = 500;
const MOST_WAITING = 100;

export function createReads(knex: Knex, settings: Settings, now: () => number): Reads {
  return {
    affiliateOfClient: (clientId) => affiliateByClient(knex, clientId),
    affiliate: (id) => affiliateById(knex, id),
    figures: (affiliateId) => figuresOf(knex, affiliateId),
    statements: (affiliateId) => statementsOf(knex, settings, affiliateId),
    referrals: (query) => listReferrals(knex, query, settings.referralPrivacy),
    entries: (query) => entriesOf(knex, settings, query),
    ...monthReads(knex, settings),
    ...whyReads(knex, settings),
    withdrawalsOf: async (affiliateId) => {
      const rows = await withdrawalRows(knex)
        .where({ 'w.affiliate_id': affiliateId })
        .orderBy('w.id', 'desc')
        .limit(MOST_WITHDRAWALS);
      return rows.map(toWithdrawal);
    },
    testLink: (query) => testLink(knex, settings, query),
    withdrawal: (id) => orNull('withdrawal_missing', withdrawalById(knex, id)),
    withdrawals: async ({ status, limit, cursor }) => {
      const query = withdrawalRows(knex);
      if (status !== 'all') void query.where({ 'w.status': status });
      const page = await pageOf(query, newestFirst('w.id'), { limit, cursor });
      return { ...page, rows: page.rows.map(toWithdrawal) };
    },
    ...correctionReads(knex),
    ...holdReads(knex, now),
    ...markReads(knex),
    ...termsReads(knex, now),
    ...disputeReads(knex, settings),
    openRequestOf: (clientId) => openRequestOf(knex, clientId),
    openRequests: () => openRequests(knex),
    isProgramRequest: (ticketId) => isProgramRequest(knex, ticketId),
    concerns: (clientId, facts) => concernsAbout(knex, clientId, facts),
    affiliates: (query) => affiliatesFound(knex, settings, query),
    audit: async ({ affiliateId, limit, cursor }) => {
      const page = await pageOf(auditRows(knex, affiliateId), newestFirst('l.id'), { limit, cursor });
      return {
        ...page,
        rows: page.rows.map(({ id, at, actor, action, affiliate_id, code, parameters }) => ({
          id,
          at,
          actor,
          action,
          affiliate: affiliate_id && code ? { id: affiliate_id, code } : null,
          parameters: JSON.parse(parameters) as Record<string, string | number>,
        })),
      };
    },
    trouble: () => troubleOf(knex),
    earlierEntries: (affiliateId, limit) => earlierEntries(knex, affiliateId, limit),
    ...reconcileReads(knex),
    deliveries: (query) => deliveriesOf(knex, query),
    endpointStates: (keys) => endpointStates(knex, keys, now()),
    simulate: createSimulation(knex, settings),
    lastProof: () => lastProof(knex),
    liability: ({ currency, day }) => liabilityOf(knex, settings, currency, day),
    liabilities: () => programBalances(knex),
  };
}

/** @returns what was asked for, null where it does not exist */
async function orNull<T>(code: ErrorCode, found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (isAffiliatesError(error, code)) return null;
    throw error;
  }
}

function correctionReads(knex: Knex): Pick<Reads, 'correction' | 'corrections' | 'waitingForSecond'> {
  return {
    correction: (id) => orNull('correction_missing', correctionById(knex, id)),
    corrections: async ({ status, limit, cursor }) => {
      const query = correctionRows(knex);
      if (status !== 'all') void query.where({ 'c.status': status });
      const page = await pageOf(query, newestFirst('c.id'), { limit, cursor });
      return { ...page, rows: page.rows.map(toCorrection) };
    },
    waitingForSecond: async () => {
      const waiting = correctionRows(knex).where({ 'c.status': 'proposed' });
      const corrections = await waiting.orderBy('c.id').limit(MOST_WAITING);
      const withdrawals = await halfApproved(knex).orderBy('w.id').limit(MOST_WAITING);
      return { corrections: corrections.map(toCorrection), withdrawals: withdrawals.map(toWithdrawal) };
    },
  };
}

/** Ids are ULIDs or counters: later ones are larger. */
const newestFirst = (column: string) => ({
  column,
  id: column,
  descending: true,
  keyOf: ({ id }: { id: string | number }) => [id, id] as const,
});

async function statementsOf(knex: Knex, settings: Settings, affiliateId: number): Promise<StatementView[]> {
  const balances = await balancesOf(knex, affiliateId);
  const own = balances.find(({ currency }) => currency === settings.currency);
  const nothing = { currency: settings.currency, clearing: 0, cleared: 0, reserved: 0, withdrawn: 0 };
  const others = balances.filter((balance) => balance !== own);
  return [own ?? nothing, ...others].map((balance) => statementOf(settings, balance));
}

async function entriesOf(
  knex: Knex,
  settings: Settings,
  { affiliateId, currency, id, ...paging }: Parameters<Reads['entries']>[0],
): Promise<Rows<EntryView>> {
  const query = transactionsOf(knex, affiliateId, currency);
  if (id !== undefined) void query.where({ id });
  const page = await pageOf<PostedRow>(query, newestFirst('id'), paging);
  return { ...page, rows: await describeEntries(knex, settings, page.rows) };
}

async function affiliatesFound(
  knex: Knex,
  { currency }: Settings,
  { search, ...paging }: Parameters<Reads['affiliates']>[0],
): Promise<Rows<AffiliateRow>> {
  const page = await pageOf(affiliateRows(knex, search), newestFirst('a.id'), paging);
  const ids = page.rows.map(({ id }) => id);
  const balances = await balancesIn(knex, currency, ids);
  const rows = page.rows.map((row) => {
    const { cleared = 0, clearing = 0, withdrawn = 0 } = balances.get(row.id) ?? {};
    const { clicks, signups, conversions } = row;
    return { ...toAffiliate(row), clicks, signups, conversions, cleared, clearing, withdrawn };
  });
  return { ...page, rows };
}

async function troubleOf(knex: Knex): Promise<TroubleView[]> {
  const events = await troubledEvents(knex, MOST_TROUBLE);
  const commands = await troubledCommands(knex, MOST_TROUBLE);
  return [...events.map(toTrouble), ...commands.map(commandTrouble)];
}

function commandTrouble({ id, kind, status, attempts, created_at }: TroubledCommand): TroubleView {
  const shown = status === 'refused' ? 'set_aside' : 'waiting';
  const code = status === 'refused' ? 'refused_by_host' : 'fault';
  return { eventId: id, source: 'outbox', type: kind, status: shown, code, at: created_at, attempts };
}

function toTrouble(row: TroubleRow): TroubleView {
  // Answers are written by the events noun alone.
  const answer = row.answer === null ? null : (JSON.parse(row.answer) as Answer);
  return {
    eventId: row.id,
    source: row.source,
    type: row.type,
    status: answer ? 'set_aside' : 'waiting',
    code: answer?.status === 'set_aside' ? answer.code : (row.code ?? ''),
    at: row.received_at,
    attempts: row.attempts ?? 1,
  };
}
