/**
 * An auditor that believes nothing the program says about itself: it reads the tables and recomputes, with arithmetic
 * of its own, what docs call the invariants I1 to I8, I13 and I14.
 */
import type { Knex } from 'knex';
import { prove, type Proved } from '../../module/proof';
import { expectReplayable } from './replay';

type Row = Record<string, unknown>;

const TABLES = {
  transactions: 'mod_affiliates_ledger_transactions',
  entries: 'mod_affiliates_ledger_entries',
  balances: 'mod_affiliates_balances',
  commissions: 'mod_affiliates_commissions',
  lines: 'mod_affiliates_invoice_lines',
  invoices: 'mod_affiliates_invoices',
  evaluations: 'mod_affiliates_evaluations',
  withdrawals: 'mod_affiliates_withdrawals',
  corrections: 'mod_affiliates_corrections',
  referrals: 'mod_affiliates_referrals',
  totals: 'mod_affiliates_referral_totals',
  figures: 'mod_affiliates_affiliate_totals',
  imports: 'mod_affiliates_imports',
  importLines: 'mod_affiliates_import_lines',
  events: 'mod_affiliates_events',
  answers: 'mod_affiliates_event_answers',
  failures: 'mod_affiliates_event_failures',
} as const;
type Tables = Record<keyof typeof TABLES, Row[]>;

const ACCOUNTS = ['expense', 'clearing', 'cleared', 'reserved', 'withdrawn'] as const;
/** What may never be updated or deleted, by the columns that identify a row. */
const IMMUTABLE = {
  entries: ['transaction_id', 'position'],
  transactions: ['id'],
  evaluations: ['line_key', 'number'],
  events: ['id'],
  answers: ['event_id'],
} as const satisfies Partial<Record<keyof typeof TABLES, readonly string[]>>;

export interface Auditor {
  /** @returns a sentence per violation; none when all is well */
  audit(): Promise<string[]>;
}

/** @param now the present, ms: what clears later than this may not be cleared. */
export function auditorOf(knex: Knex, now: () => number): Auditor {
  const kept = new Map<string, string>();
  return {
    async audit() {
      const tables = await readAll(knex);
      return [
        ...wholeNumbers(tables),
        ...balancedTransactions(tables),
        ...balancesFromEntries(tables),
        ...neverNegative(tables),
        ...commissionsWithinTerms(tables),
        ...commissionsInLedger(tables),
        ...withdrawalsInLedger(tables),
        ...correctionsInLedger(tables),
        ...secondPeople(tables),
        ...referralTotals(tables),
        ...answeredEvents(tables),
        ...clearedInTime(tables, now()),
        ...nothingRewritten(tables, kept),
      ];
    },
  };
}

/** Fails with a line per violation, whether the auditor finds it, the program's own proof, or a replay. */
export async function expectSound(knex: Knex, now: () => Date): Promise<void> {
  expect(await auditorOf(knex, () => now().getTime()).audit()).toEqual([]);
  expect(await foundByProof(knex, now().getTime())).toEqual([]);
  await expectReplayable(knex);
}

/** @returns what the proof finds, but for a journal that no night has sealed yet, as tests seldom wait for one. */
async function foundByProof(knex: Knex, now: number): Promise<Proved[]> {
  const { checks } = await prove(knex, now);
  return checks.filter(({ finding }) => finding && finding.problem !== 'unsealed');
}

/** Everything the program keeps, as one text, to search it for what must be nowhere. */
export async function everythingKept(knex: Knex): Promise<string> {
  const dialect = String((knex.client as { dialect?: unknown }).dialect);
  const list =
    dialect === 'mysql'
      ? knex('information_schema.tables').whereRaw('table_schema = database()').select({ name: 'table_name' })
      : knex('sqlite_master').where({ type: 'table' }).select('name');
  const names = ((await list) as { name: string }[]).map(({ name }) => name);
  const rows = await Promise.all(names.map(async (name) => ({ name, rows: await knex<Row>(name) })));
  return JSON.stringify(rows);
}

async function readAll(knex: Knex): Promise<Tables> {
  const read: [string, Row[]][] = [];
  for (const [name, table] of Object.entries(TABLES)) read.push([name, await knex<Row>(table)]);
  return Object.fromEntries(read) as Tables;
}

const sumOf = (rows: readonly Row[], column: string): number =>
  rows.reduce((all, row) => all + Number(row[column]), 0);

function groupBy(rows: readonly Row[], ...columns: string[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = columns.map((column) => String(row[column])).join(':');
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}

const MONEY: readonly [keyof Tables, readonly string[]][] = [
  ['transactions', ['amount']],
  ['entries', ['amount']],
  ['balances', ACCOUNTS],
  ['commissions', ['earned', 'reversed']],
  ['lines', ['net']],
  ['invoices', ['charged', 'counted']],
  ['evaluations', ['amount']],
  ['withdrawals', ['amount']],
  ['corrections', ['amount']],
  ['totals', ['paid', 'earned']],
  ['imports', ['clearing', 'cleared', 'withdrawn']],
  ['importLines', ['amount']],
];

/** I13 */
function wholeNumbers(tables: Tables): string[] {
  return MONEY.flatMap(([table, columns]) =>
    tables[table].flatMap((row) =>
      columns
        .filter((column) => !Number.isSafeInteger(row[column]))
        .map((column) => `I13 ${table}.${column} is ${String(row[column])}`),
    ),
  );
}

/** I1 */
function balancedTransactions({ transactions, entries }: Tables): string[] {
  const byTransaction = groupBy(entries, 'transaction_id');
  const known = new Set(transactions.map(({ id }) => id));
  return [
    ...transactions.flatMap((transaction) => {
      const own = byTransaction.get(String(transaction['id'])) ?? [];
      const problems: string[] = [];
      if (own.length < 2) problems.push(`has ${own.length} entries`);
      if (sumOf(own, 'amount') !== 0) problems.push(`sums to ${sumOf(own, 'amount')}`);
      if (own.some(({ currency }) => currency !== transaction['currency'])) problems.push('mixes currencies');
      if (own.some(({ amount }) => amount === 0)) problems.push('moves nothing');
      return problems.map((problem) => `I1 ${String(transaction['key'])} ${problem}`);
    }),
    ...entries
      .filter(({ transaction_id }) => !known.has(transaction_id))
      .map(({ transaction_id }) => `I1 entry of no transaction ${String(transaction_id)}`),
  ];
}

/** I2 */
function balancesFromEntries({ entries, balances }: Tables): string[] {
  const summed = new Map(
    [...groupBy(entries, 'affiliate_id', 'currency', 'account')].map(([key, own]) => [
      key,
      sumOf(own, 'amount'),
    ]),
  );
  const stored = new Map<string, number>(
    balances.flatMap((row) =>
      ACCOUNTS.map(
        (account) =>
          [
            `${String(row['affiliate_id'])}:${String(row['currency'])}:${account}`,
            Number(row[account]),
          ] as const,
      ),
    ),
  );
  return [...new Set([...summed.keys(), ...stored.keys()])]
    .filter((key) => (summed.get(key) ?? 0) !== (stored.get(key) ?? 0))
    .map((key) => `I2 ${key} is stored as ${stored.get(key) ?? 0} and sums to ${summed.get(key) ?? 0}`);
}

/** I3 */
function neverNegative({ balances, entries, transactions }: Tables): string[] {
  const reversals = new Set(
    transactions
      .filter(({ kind }) => ['reverse', 'transfer', 'opening'].includes(String(kind)))
      .map(({ id }) => String(id)),
  );
  return balances.flatMap((row) => {
    const { affiliate_id, currency } = row;
    const negative = ACCOUNTS.filter((account) => account !== 'expense' && Number(row[account]) < 0);
    const takenBack = entries.filter(
      (entry) =>
        entry['affiliate_id'] === affiliate_id &&
        entry['currency'] === currency &&
        entry['account'] === 'cleared' &&
        Number(entry['amount']) < 0 &&
        reversals.has(String(entry['transaction_id'])),
    );
    const debt = -sumOf(takenBack, 'amount');
    return negative
      .filter((account) => account !== 'cleared' || -Number(row[account]) > debt)
      .map((account) => `I3 ${account} of ${String(affiliate_id)} is ${String(row[account])}`);
  });
}

type KeptRate =
  | { kind: 'percent'; basisPoints: number }
  | { kind: 'fixed'; amount: number; currency: string; per?: string }
  | { kind: 'steps'; steps: { rate: KeptRate }[] };
interface KeptTerms {
  readonly rate: KeptRate;
  readonly clearingDays: number;
  readonly base?: Readonly<Record<string, boolean>>;
  readonly limits?: unknown;
}

/** What terms allow on a net amount; half a minor unit is rounded up. */
function allowed(terms: KeptTerms, net: number, currency: unknown): number {
  const { rate, base = {}, limits } = terms;
  // Of what else is counted, and of a minimum, the auditor knows but that nobody earns more than was paid.
  if (limits || Object.values(base).some(Boolean)) return net;
  if (rate.kind === 'steps') {
    return Math.max(...rate.steps.map((step) => allowed({ ...terms, rate: step.rate }, net, currency)));
  }
  if (rate.kind === 'percent') return Number((BigInt(net) * BigInt(rate.basisPoints) + 5000n) / 10_000n);
  if (rate.currency !== currency) return 0;
  return rate.per === 'unit' ? net : Math.min(rate.amount, net);
}

/** I4, I5 and I6 */
function commissionsWithinTerms({ commissions, lines, invoices }: Tables): string[] {
  const linesByKey = new Map(lines.map((line) => [line['line_key'], line]));
  const problems: string[] = [];
  for (const commission of commissions) {
    const { line_key, terms, currency } = commission;
    const name = `commission on ${String(line_key)}`;
    const [earned, reversed] = [Number(commission['earned']), Number(commission['reversed'])];
    const net = Number(linesByKey.get(line_key)?.['net'] ?? 0);
    const converted = conversionOf(commission);
    const most = allowed(JSON.parse(String(terms)) as KeptTerms, net, converted?.currency ?? currency);
    const before = converted?.amount ?? earned;
    if (before > most) problems.push(`I4 ${name} earned ${before} where terms allow ${most}`);
    if (converted && earned > converted.becomes)
      problems.push(`I4 ${name} earned ${earned} where the conversion gives ${converted.becomes}`);
    if (reversed < 0 || reversed > earned) problems.push(`I5 ${name} reversed ${reversed} of ${earned}`);
  }
  for (const [key, own] of groupBy(commissions, 'line_key', 'tier')) {
    if (own.length > 1) problems.push(`I6 ${key} earned ${own.length} times`);
  }
  const linesOf = groupBy(lines, 'invoice_id');
  for (const { id, charged } of invoices) {
    const net = sumOf(linesOf.get(String(id)) ?? [], 'net');
    if (net > Number(charged))
      problems.push(`I4 invoice ${String(id)} has ${net} net of ${String(charged)} paid`);
  }
  return problems;
}

/** What a commission was converted from, and the most that it can have become, minor units. */
function conversionOf({ conversion, currency }: Row) {
  if (typeof conversion !== 'string') return null;
  const kept = JSON.parse(conversion) as { amount: number; currency: string; rate: string };
  const decimals = DECIMALS[String(currency)]! - DECIMALS[kept.currency]!;
  // Within a cent above: the exact rounding has tests of its own.
  return { ...kept, becomes: Math.ceil(kept.amount * Number(kept.rate) * 10 ** decimals + 1e-9) };
}
const DECIMALS: Readonly<Record<string, number>> = { USD: 2, EUR: 2, JPY: 0, KWD: 3 };

/** Each commission stands in the ledger as what it says of itself. */
function commissionsInLedger(tables: Tables): string[] {
  const { commissions, transactions, balances } = tables;
  const byKind = groupBy(transactions, 'commission_id', 'kind');
  const amount = (id: unknown, kind: string) => sumOf(byKind.get(`${String(id)}:${kind}`) ?? [], 'amount');
  const problems: string[] = [];
  for (const { id, line_key, earned, reversed } of commissions) {
    const name = `commission on ${String(line_key)}`;
    const kept = Number(earned) - Number(reversed);
    const posted = amount(id, 'earn') + amount(id, 'reinstate') - amount(id, 'reverse');
    if (posted !== kept) problems.push(`I2 ${name} keeps ${kept}, posted ${posted}`);
  }
  for (const row of balances) {
    const brought = broughtOver(tables, row, 'clearing');
    const clearing = commissions.filter(
      ({ affiliate_id, currency, state }) =>
        state !== 'cleared' && affiliate_id === row['affiliate_id'] && currency === row['currency'],
    );
    const owed = sumOf(clearing, 'earned') - sumOf(clearing, 'reversed') + brought;
    if (owed !== row['clearing']) {
      problems.push(
        `I2 clearing of ${String(row['affiliate_id'])} is ${String(row['clearing'])}, not ${owed}`,
      );
    }
  }
  return problems;
}

/** What of an account came over from an earlier program, wherever a merge took it. */
function broughtOver({ imports, importLines }: Tables, balance: Row, account: string): number {
  const own = imports.filter(
    ({ affiliate_id, currency }) =>
      affiliate_id === balance['affiliate_id'] && currency === balance['currency'],
  );
  if (account === 'withdrawn') return sumOf(own, 'withdrawn');
  const lines = importLines.filter(
    ({ legacy_id, state }) => state === 'clearing' && own.some((each) => each['legacy_id'] === legacy_id),
  );
  return sumOf(lines, 'amount');
}

/** I10 and I17: what is reserved and withdrawn is what the requests say. */
function withdrawalsInLedger(tables: Tables): string[] {
  const { withdrawals, balances, transactions } = tables;
  const problems: string[] = [];
  for (const row of balances) {
    const { affiliate_id, currency, reserved, withdrawn } = row;
    const own = withdrawals.filter(
      (each) => each['affiliate_id'] === affiliate_id && each['currency'] === currency,
    );
    const open = own.filter(({ status }) => status === 'requested' || status === 'paying');
    const paid = own.filter(({ status }) => status === 'paid');
    if (open.length > 1) problems.push(`I10 ${String(affiliate_id)} has ${open.length} open requests`);
    if (sumOf(open, 'amount') !== reserved)
      problems.push(`I2 reserved of ${String(affiliate_id)} is not what is open`);
    if (sumOf(paid, 'amount') + broughtOver(tables, row, 'withdrawn') !== withdrawn)
      problems.push(`I2 withdrawn of ${String(affiliate_id)} is not what was paid`);
  }
  const steps = groupBy(
    transactions.filter(({ withdrawal_id }) => withdrawal_id !== null),
    'withdrawal_id',
  );
  for (const { id, status } of withdrawals) {
    const kinds = (steps.get(String(id)) ?? []).map(({ kind }) => String(kind)).sort();
    const end = { requested: [], paying: [], paid: ['pay'], denied: ['release'], cancelled: ['release'] };
    const expected = [
      ...((end as Record<string, string[]>)[String(status)] ?? ['release']),
      'reserve',
    ].sort();
    if (kinds.join() !== expected.join()) {
      problems.push(`I10 withdrawal ${String(id)} is ${String(status)} and posted ${kinds.join()}`);
    }
  }
  return problems;
}

/** Each correction moved what it says, if it was to move anything, and nothing else was corrected. */
function correctionsInLedger({ corrections, transactions, entries }: Tables): string[] {
  const posted = transactions.filter(({ kind }) => kind === 'correct');
  const byKey = groupBy(posted, 'key');
  const problems = corrections.flatMap((correction) => {
    const { id, affiliate_id, currency, amount, direction, status } = correction;
    const own = byKey.get(`correct:${String(id)}`) ?? [];
    const given = Number(amount) * (direction === 'credit' ? 1 : -1);
    const expected = [
      [affiliate_id, currency, 'cleared', given],
      [affiliate_id, currency, 'expense', -given],
    ].join();
    const moved = entries
      .filter(({ transaction_id }) => own.some((transaction) => transaction['id'] === transaction_id))
      .map((entry) => [entry['affiliate_id'], entry['currency'], entry['account'], entry['amount']])
      .sort((one, other) => (String(one[2]) < String(other[2]) ? -1 : 1))
      .join();
    const wanted = status === 'posted' ? expected : '';
    return moved === wanted ? [] : [`I2 correction ${String(id)} is ${String(status)} and moved ${moved}`];
  });
  const known = new Set(corrections.map(({ id }) => `correct:${String(id)}`));
  const strays = posted.filter(({ key }) => !known.has(String(key)));
  return [...problems, ...strays.map(({ key }) => `I2 ${String(key)} is no correction`)];
}

/** What took two people had two. */
function secondPeople({ corrections, withdrawals }: Tables): string[] {
  const posted = corrections.filter(({ status }) => status === 'posted');
  const approved = withdrawals.filter(({ status }) => ['paying', 'paid', 'failed'].includes(String(status)));
  const hadOne = (rows: Row[], first: string) =>
    rows
      .filter(({ needs_approval }) => Boolean(needs_approval))
      .filter((row) => !row[first] || !row['decided_by_id'] || row[first] === row['decided_by_id'])
      .map(({ id }) => `I10 ${String(id)} took two people and had one`);
  return [...hadOne(posted, 'proposed_by_id'), ...hadOne(approved, 'first_approved_by_id')];
}

/** What lists and figures show is what happened. */
function referralTotals({ commissions, totals, referrals, figures }: Tables): string[] {
  const earnedBy = groupBy(commissions, 'referral_id', 'currency');
  const problems: string[] = [];
  for (const { referral_id, currency, earned } of totals) {
    const own = earnedBy.get(`${String(referral_id)}:${String(currency)}`) ?? [];
    const sum = sumOf(own, 'earned') - sumOf(own, 'reversed');
    if (sum !== earned)
      problems.push(`I2 referral ${String(referral_id)} shows ${String(earned)}, not ${sum}`);
  }
  for (const { affiliate_id, signups, conversions } of figures) {
    const own = referrals.filter((referral) => referral['affiliate_id'] === affiliate_id);
    const converted = own.filter(
      ({ id, converted_by }) =>
        converted_by === 'earlier' ||
        commissions.some(
          ({ referral_id, tier, earned }) => referral_id === id && tier === 1 && Number(earned) > 0,
        ),
    );
    if (signups !== own.length || conversions !== converted.length) {
      problems.push(
        `I2 figures of ${String(affiliate_id)} say ${String(signups)} and ${String(conversions)}, ` +
          `not ${own.length} and ${converted.length}`,
      );
    }
  }
  return problems;
}

/** I7 */
function answeredEvents({ events, answers, failures }: Tables): string[] {
  const answered = new Map(answers.map((answer) => [answer['event_id'], answer]));
  const waiting = new Set(failures.map(({ event_id }) => event_id));
  return events.flatMap(({ id, type }) => {
    const answer = answered.get(id);
    const name = `I7 event ${String(id)} (${String(type)})`;
    if (!answer && !waiting.has(id)) return [`${name} has vanished`];
    if (answer && waiting.has(id)) return [`${name} is answered and waits`];
    const { status, code } = answer ? (JSON.parse(String(answer['answer'])) as Row) : {};
    return status === 'set_aside' && !code ? [`${name} is set aside for no reason`] : [];
  });
}

/** I14 */
function clearedInTime({ commissions }: Tables, now: number): string[] {
  return commissions
    .filter(({ state, clears_at }) => state === 'cleared' && Number(clears_at) > now)
    .map(({ line_key }) => `I14 commission on ${String(line_key)} cleared early`);
}

/** I8. @param kept what was there before, by table and key; what is new is added */
function nothingRewritten(tables: Tables, kept: Map<string, string>): string[] {
  const present = new Map<string, string>();
  for (const [table, columns] of Object.entries(IMMUTABLE)) {
    for (const row of tables[table as keyof typeof IMMUTABLE]) {
      present.set(`${table} ${columns.map((column) => String(row[column])).join('/')}`, JSON.stringify(row));
    }
  }
  const problems = [...kept]
    .filter(([key, row]) => present.get(key) !== row)
    .map(([key]) => `I8 ${key} was ${present.has(key) ? 'changed' : 'deleted'}`);
  for (const [key, row] of present) kept.set(key, row);
  return problems;
}
