/** What the program owes, or owed at the end of a day that is over. */
import { spanAt, spanNamed, type Span } from '../../module/calendar';
import { AGES, OWING } from '../../module/ledger';
import type { Staff } from '../../module/module';
import type { Currency } from '../../module/money';
import type { LiabilityView } from '../../module/views';
import { address, type Query } from '../address';
import type { AreaPage, Download, Shown } from '../area';
import { csvOf, CSV_TYPE, type Cell } from '../csv';
import { fieldLabel } from '../explain';
import type { Language } from '../language';
import { menuOf } from './menu';
import { PER_PAGE, type StaffVisit } from './visit';

export const liability: AreaPage<Staff> = {
  async load(visit) {
    const { module, request } = visit;
    const { day, problem } = askedDay(visit);
    const currencies = await currenciesOf(visit);
    const currency = currencies.find((code) => code === request.query.currency) ?? module.settings.currency;
    const found = await module.reads.liability({ currency, day });
    if (request.query.format === 'csv') return asCsv(found, currency, day);
    return show(visit, { found, currency, currencies, day, problem });
  },
};

/** A day that cannot be read, or is still to come, is named, and today shown in its place. */
function askedDay({ module, language, request }: StaffVisit): { day: Span; problem: string } {
  const { timeZone } = module.settings;
  const today = spanAt('day', module.now(), timeZone);
  const written = (request.query.day ?? '').trim();
  if (!written) return { day: today, problem: '' };
  const day = spanNamed('day', written, timeZone);
  if (day && day.from <= today.from) return { day, problem: '' };
  const field = fieldLabel('day', language);
  return { day: today, problem: language.t(day ? 'liability.future' : 'liability.bad_date', { field }) };
}

async function currenciesOf({ module }: StaffVisit): Promise<Currency[]> {
  const used = (await module.reads.liabilities()).map(({ currency }) => currency);
  return [...new Set([module.settings.currency, ...used])];
}

interface Shows {
  readonly found: LiabilityView;
  readonly currency: Currency;
  readonly currencies: readonly Currency[];
  readonly day: Span;
  readonly problem: string;
}

function show(visit: StaffVisit, { found, currency, currencies, day, problem }: Shows): Shown {
  const { language, module, request } = visit;
  const here = (change: Query) =>
    address(request.base, { page: 'liability', day: day.key, currency, ...change });
  const first = firstShown(request.query.first, found.rows.length);
  const turn = (to: number) => (to >= 0 && to < found.rows.length ? here({ first: to }) : '');
  const today = spanAt('day', module.now(), module.settings.timeZone);
  const { total } = found;
  const labels = [...ageLabels(language), language.t('liability.owed')];
  const cells = (amounts: readonly number[]) =>
    amounts.map((amount, index) => ({ label: labels[index] ?? '', text: language.money(amount, currency) }));
  return {
    template: 'staff/liability',
    title: language.t('liability.title', { date: language.date(day.from) }),
    model: {
      ...menuOf(visit, 'liability'),
      day: day.key,
      today: today.key,
      problem,
      currency,
      currencies: currencies.map((code) => ({ currency: code, selected: code === currency })),
      severalCurrencies: currencies.length > 1,
      labels,
      accounts: OWING.map((account) => ({
        label: language.t(`month.column.${account}`),
        cells: cells([...total.aged[account], total.accounts[account]]),
      })),
      total: cells([...total.ages, total.owed]),
      debt: total.debt,
      rows: found.rows.slice(first, first + PER_PAGE).map(({ affiliate, ages, owed, debt }) => ({
        affiliate,
        cells: cells([...ages, owed]),
        debt,
      })),
      month: day.key.slice(0, 'yyyy-MM'.length),
      nextAddress: turn(first + PER_PAGE),
      previousAddress: turn(first - PER_PAGE),
      csvAddress: here({ format: 'csv' }),
    },
  };
}

/** Rows are counted, not marked by a cursor: those of a day that is over stay where they are. */
function firstShown(written: string | undefined, rows: number): number {
  const first = /^\d{1,9}$/.test(written ?? '') ? Number(written) : 0;
  return first < rows ? first - (first % PER_PAGE) : 0;
}

/** The groups of age that have an end, in days. */
const GROUPS = AGES.map((to, group) => ({ from: group === 0 ? 0 : (AGES[group - 1] ?? 0) + 1, to }));
const OLDEST = Math.max(...AGES);

function ageLabels(language: Language): string[] {
  return [
    ...GROUPS.map((group) => language.t('liability.age', group)),
    language.t('liability.age.older', { days: OLDEST }),
  ];
}

/** The same in every language. Amounts of an account and of an age add up to what is owed; a debt is apart from it. */
const COLUMNS = [
  'day',
  'affiliate',
  'client',
  'currency',
  'owed',
  ...OWING,
  ...GROUPS.map(({ from, to }) => `days_${from}_${to}`),
  'days_older',
  'debt',
];

function asCsv({ rows }: LiabilityView, currency: Currency, day: Span): Download {
  const amount = (minorUnits: number): Cell => ({ amount: minorUnits, currency });
  const cells = rows.map(({ affiliate, owed, accounts, ages, debt }): Cell[] => [
    day.key,
    affiliate.code,
    affiliate.clientId,
    currency,
    amount(owed),
    ...OWING.map((account) => amount(accounts[account])),
    ...ages.map(amount),
    amount(debt),
  ]);
  return { name: `liability-${day.key}-${currency}.csv`, type: CSV_TYPE, body: csvOf(COLUMNS, [cells]) };
}
