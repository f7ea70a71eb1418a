/** Puts the rows of a source together into affiliates, and says what does not fit. Pure. */
import { isAffiliatesError } from '../errors';
import type { ImportedHistory, ImportedLine } from '../events/rules';
import { isCurrency, parseAmount, sum, toDecimal, type Currency } from '../money';
import { overrideOf } from './override';
import { idOf, momentOf, note, type Bought, type Reading, type Row } from './reading';
import { referralsOf } from './referrals';
import type { Rows } from './rows';
import type { EarlierAffiliate, EarlierProgram, LostRow, Note, NoteCode, RefusedAffiliate } from './rules';

/** Why an affiliate cannot come over. */
class Refusal extends Error {
  constructor(readonly reason: Note) {
    super(reason.code);
  }
}

/** The rows by what they belong to. */
interface Sorted {
  readonly clients: ReadonlyMap<string, Row<'clients'>>;
  readonly currencies: ReadonlyMap<string, string>;
  readonly bought: ReadonlyMap<string, readonly Bought[]>;
  readonly history: ReadonlyMap<string, readonly Row<'history'>[]>;
  readonly withdrawals: ReadonlyMap<string, readonly Row<'withdrawals'>[]>;
}

/** @returns all that a source says, in our words */
export function assemble(rows: Rows, reading: Reading): EarlierProgram {
  const lost: LostRow[] = [];
  const sorted = sort(rows, lost);
  const affiliates: EarlierAffiliate[] = [];
  const refused: RefusedAffiliate[] = [];
  // Whoever came first has a client that two affiliates claim.
  const claimed = new Map<string, string>();
  for (const row of [...rows.affiliates].sort(byId)) {
    try {
      affiliates.push(affiliateOf(row, rows, sorted, { reading, claimed, lost }));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused.push({ legacyId: row.id, clientId: row.clientid, refusal: error.reason });
    }
  }
  const isOn = rows.enabled === '' ? null : /^(on|1|yes|true)$/i.test(rows.enabled);
  return { isOn, affiliates, refused, lost };
}

const byId = (one: { id: string }, other: { id: string }) => Number(one.id) - Number(other.id);

function sort(rows: Rows, lost: LostRow[]): Sorted {
  const known = new Set(rows.affiliates.map(({ id }) => id));
  const accounts = new Map(rows.accounts.map((account) => [account.id, account]));
  const services = new Map(rows.services.map((service) => [service.id, service]));
  const lose = (table: string, row: string, code: NoteCode, parameters: Note['parameters']) =>
    lost.push({ table, row, ...note(code, parameters) });
  const own = <R extends { id: string; affiliateid: string }>(
    table: string,
    all: readonly R[],
    amount: (row: R) => string,
  ) =>
    all.filter((row) => {
      if (known.has(row.affiliateid)) return true;
      lose(table, row.id, 'without_affiliate', { affiliate: row.affiliateid, amount: amount(row) });
      return false;
    });
  const bought = own('tblaffiliatesaccounts', rows.accounts, () => '').map((account): Bought => ({
    account,
    service: services.get(account.relid) ?? null,
    pending: [],
    history: [],
  }));
  const byAccount = new Map(bought.map((each) => [each.account.id, each]));
  for (const row of rows.pending) {
    const each = byAccount.get(row.affaccid);
    if (each) each.pending.push(row);
    else if (!accounts.has(row.affaccid))
      lose('tblaffiliatespending', row.id, 'without_account', { account: row.affaccid, amount: row.amount });
    else
      lose('tblaffiliatespending', row.id, 'without_affiliate', {
        affiliate: accounts.get(row.affaccid)?.affiliateid ?? '',
        amount: row.amount,
      });
  }
  const history = own('tblaffiliateshistory', rows.history, ({ amount }) => amount);
  for (const row of history) byAccount.get(row.affaccid)?.history.push(row);
  return {
    clients: new Map(rows.clients.map((client) => [client.id, client])),
    currencies: new Map(rows.currencies.map(({ id, code }) => [id, code.toUpperCase()])),
    bought: groupBy(bought, ({ account }) => account.affiliateid),
    history: groupBy(history, ({ affiliateid }) => affiliateid),
    withdrawals: groupBy(
      own('tblaffiliateswithdrawals', rows.withdrawals, ({ amount }) => amount),
      ({ affiliateid }) => affiliateid,
    ),
  };
}

function groupBy<R>(rows: readonly R[], keyOf: (row: R) => string): Map<string, R[]> {
  const groups = new Map<string, R[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}

interface Course {
  readonly reading: Reading;
  readonly claimed: Map<string, string>;
  readonly lost: LostRow[];
}

function affiliateOf(row: Row<'affiliates'>, rows: Rows, sorted: Sorted, course: Course): EarlierAffiliate {
  const { reading } = course;
  const hasClients = rows.clients.length > 0;
  const client = sorted.clients.get(row.clientid);
  if (!client && hasClients)
    throw new Refusal(note('client_missing', { client: row.clientid, ...moneyOf(row) }));
  const currency = currencyOf(client, rows.currency, sorted);
  const money = amountsOf(row, currency);
  const bought = sorted.bought.get(row.id) ?? [];
  const pending = bought.flatMap((each) => pendingOf(each, currency, reading));
  const history = historyOf(row, sorted, currency, course);
  const override = overrideOf(row, currency);
  const referrals = referralsOf(row, bought, { ...course, clients: hasClients ? sorted.clients : null });
  const account = accountOf(client);
  return {
    legacyId: row.id,
    clientId: row.clientid,
    enrolledAt: Math.min(momentOf(row.date, reading) ?? reading.now, reading.now),
    ...account,
    currency,
    ...money,
    visitors: /^\d{1,15}$/.test(row.visitors) ? Number(row.visitors) : 0,
    terms: override.terms,
    pending,
    referrals: referrals.referrals,
    history,
    notes: [
      ...(account.closed ? [note('client_closed')] : []),
      ...discrepancies(money, history, currency),
      ...override.notes,
      ...referrals.notes,
    ],
  };
}

function accountOf(
  client: Row<'clients'> | undefined,
): Pick<EarlierAffiliate, 'closed' | 'locale' | 'person'> {
  const { status = '', language = '', firstname = '', lastname = '', email = '' } = client ?? {};
  const person = { firstName: firstname, lastName: lastname, email };
  return { closed: status.toLowerCase() === 'closed', locale: language.slice(0, 35), person };
}

function amountsOf(row: Row<'affiliates'>, currency: Currency) {
  const read = (field: string, written: string) => amountOf(field, written || '0', currency);
  const money = { balance: read('balance', row.balance), withdrawn: read('withdrawn', row.withdrawn) };
  if (money.withdrawn < 0) throw new Refusal(note('withdrawn_negative', { withdrawn: row.withdrawn }));
  return money;
}

const moneyOf = ({ balance, withdrawn }: Row<'affiliates'>) => ({ balance, withdrawn });

function currencyOf(client: Row<'clients'> | undefined, fallback: string, { currencies }: Sorted): Currency {
  const told = client ? (currencies.get(client.currency) ?? client.currency) : '';
  const currency = isCurrency(told) ? told : fallback.toUpperCase();
  if (!isCurrency(currency)) throw new Refusal(note('currency_unknown', { currency: told || currency }));
  return currency;
}

function amountOf(field: string, written: string, currency: Currency): number {
  try {
    return parseAmount(written, currency, field);
  } catch (error) {
    if (!isAffiliatesError(error)) throw error;
    throw new Refusal(note('amount_unreadable', { field, amount: written, currency }));
  }
}

function pendingOf({ account, pending }: Bought, currency: Currency, reading: Reading): ImportedLine[] {
  return pending.flatMap((row) => {
    const amount = amountOf(`pending ${row.id}`, row.amount, currency);
    if (amount === 0) return [];
    if (amount < 0) throw new Refusal(note('pending_not_positive', { row: row.id, amount: row.amount }));
    return {
      lineId: row.id,
      amount,
      // Without a date it waits for none.
      clearsAt: momentOf(row.clearingdate, reading) ?? 0,
      invoiceId: idOf(row.invoice_id),
      serviceId: idOf(account.relid),
    };
  });
}

function historyOf(
  { id }: Row<'affiliates'>,
  sorted: Sorted,
  currency: Currency,
  { reading, lost }: Course,
): ImportedHistory[] {
  const services = new Map((sorted.bought.get(id) ?? []).map(({ account }) => [account.id, account.relid]));
  const read = (
    kind: ImportedHistory['kind'],
    row: Pick<Row<'history'>, 'id' | 'date' | 'amount'>,
    about: Pick<ImportedHistory, 'invoiceId' | 'serviceId'>,
  ): ImportedHistory[] => {
    try {
      const amount = parseAmount(row.amount, currency, 'amount');
      return [{ kind, entryId: row.id, at: momentOf(row.date, reading) ?? 0, amount, ...about }];
    } catch (error) {
      if (!isAffiliatesError(error)) throw error;
      // It is evidence: the balance has what it came to.
      const table = kind === 'commission' ? 'tblaffiliateshistory' : 'tblaffiliateswithdrawals';
      lost.push({
        table,
        row: row.id,
        ...note('amount_unreadable', { field: 'amount', amount: row.amount, currency }),
      });
      return [];
    }
  };
  return [
    ...(sorted.history.get(id) ?? []).flatMap((row) =>
      read('commission', row, {
        invoiceId: idOf(row.invoice_id),
        serviceId: idOf(services.get(row.affaccid) ?? ''),
      }),
    ),
    ...(sorted.withdrawals.get(id) ?? []).flatMap((row) =>
      read('withdrawal', row, { invoiceId: '', serviceId: '' }),
    ),
  ];
}

/** The balance is what counts; the rows are the evidence, and need not add up to it. */
function discrepancies(
  { balance, withdrawn }: Pick<EarlierAffiliate, 'balance' | 'withdrawn'>,
  history: readonly ImportedHistory[],
  currency: Currency,
): Note[] {
  const total = (kind: ImportedHistory['kind']) =>
    sum(history.filter((row) => row.kind === kind).map(({ amount }) => amount));
  const [earned, paid] = [total('commission'), total('withdrawal')];
  const written = (amount: number) => `${toDecimal({ amount, currency })} ${currency}`;
  const expected = sum([earned, -paid]);
  const notes: Note[] = [];
  if (balance !== expected) {
    const difference = written(sum([balance, -expected]));
    notes.push(
      note('balance_not_history', { balance: written(balance), expected: written(expected), difference }),
    );
  }
  if (withdrawn !== paid)
    notes.push(note('withdrawn_not_rows', { withdrawn: written(withdrawn), rows: written(paid) }));
  if (balance < 0) notes.push(note('balance_negative', { balance: written(balance) }));
  return notes;
}
