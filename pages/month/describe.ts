/** A month's statement in words: its rows, entries and accounts, for the page and for the PDF. */
import type { Currency } from '../../module/money';
import type { AccountsView, MonthEntryView, MonthView } from '../../module/views';
import type { Language } from '../language';

/** The columns of the summary: `owed` sums up the three before it. */
export const COLUMNS = ['clearing', 'cleared', 'reserved', 'owed', 'withdrawn'] as const;

export interface SummaryRow {
  readonly kind: string;
  readonly label: string;
  /** How many entries; 0 for opening and closing. */
  readonly count: number;
  readonly cells: readonly { readonly label: string; readonly text: string }[];
}

/**
 * @param isOver whether the month is over, and its last row for good
 * @returns opening, a row for each kind of entry, and closing: each column adds up
 */
export function describeSummary(
  month: MonthView,
  currency: Currency,
  isOver: boolean,
  language: Language,
): SummaryRow[] {
  const row = (kind: string, label: string, accounts: AccountsView, count: number): SummaryRow => ({
    kind,
    label,
    count,
    cells: COLUMNS.map((column) => ({
      label: language.t(`month.column.${column}`),
      text: language.money(accounts[column], currency, count > 0),
    })),
  });
  return [
    row('opening', language.t('month.opening'), month.opening, 0),
    ...month.movements.map(({ kind, changes, count }) =>
      row(kind, language.t(`entry.${kind}`), changes, count),
    ),
    row('closing', language.t(isOver ? 'month.closing' : 'month.present'), month.closing, 0),
  ];
}

export interface MonthEntryModel {
  readonly id: string;
  readonly kind: string;
  readonly date: string;
  /** What happened, in a sentence. */
  readonly what: string;
  /** What else is to say: between which accounts it moved, and on which day it happened where that is another one. */
  readonly notes: readonly string[];
  readonly referral: string;
  readonly product: string;
  /** What staff gave as the reason of a correction; '' for any other entry. */
  readonly reason: string;
  /** What the balance gained or lost; '' for an entry that only moves between accounts. */
  readonly paidIn: string;
  readonly paidOut: string;
  readonly balance: string;
}

export function describeMonthEntry(entry: MonthEntryView, language: Language): MonthEntryModel {
  const { currency, changes, postedAt, at } = entry;
  const { owed } = changes;
  const money = (amount: number) => language.money(amount, currency);
  const date = language.date(postedAt);
  const happened = language.date(at);
  return {
    id: entry.id,
    kind: entry.kind,
    date,
    what: language.t(`entry.${entry.kind}`),
    notes: [
      ...(owed === 0 ? moved(changes, money, language) : []),
      ...(happened === date ? [] : [language.t('month.happened', { date: happened })]),
    ],
    referral: entry.referral,
    product: entry.product,
    reason: entry.correction?.reason ?? '',
    paidIn: owed > 0 ? money(owed) : '',
    paidOut: owed < 0 ? money(-owed) : '',
    balance: money(entry.after.owed),
  };
}

function moved(changes: AccountsView, money: (amount: number) => string, language: Language): string[] {
  const named = (['clearing', 'cleared', 'reserved'] as const).map((account) => ({
    name: language.t(`month.column.${account}`),
    change: changes[account],
  }));
  const from = named.find(({ change }) => change < 0);
  const to = named.find(({ change }) => change > 0);
  if (!from || !to) return [];
  return [language.t('month.moved', { amount: money(to.change), from: from.name, to: to.name })];
}
