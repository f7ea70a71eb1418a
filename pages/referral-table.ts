/** The table of referrals: filtered, sorted and paged by an address that can be bookmarked. */
import { isAffiliatesError } from '../module/errors';
import type { Module } from '../module/module';
import { parseAmount, type Currency } from '../module/money';
import { REFERRAL_SORTS, type ReferralFilter, type ReferralList, type ReferralSort } from '../module/views';
import { address, type Query } from './address';
import { fieldLabel } from './explain';
import { readDay } from './form';
import type { Language } from './language';
import type { PageRequest } from './page';

const PER_PAGE = 25;
const FRAGMENT = 'referrals';
const STATUSES = ['all', 'active', 'closed'] as const;
/** What a first click on a column's header shows first: for words A, for the rest the newest or largest. */
const WORDS: readonly ReferralSort[] = ['name', 'product', 'status'];
const AMOUNTS: readonly ReferralSort[] = ['paid', 'earned'];

interface Column {
  readonly sort: ReferralSort;
  readonly label: string;
  readonly address: string;
  readonly ariaSort: 'ascending' | 'descending' | 'none';
  readonly isAmount: boolean;
}

export interface ReferralTable extends ReferralList {
  readonly columns: readonly Column[];
  readonly labels: Record<ReferralSort, string>;
  readonly nextAddress: string;
  readonly previousAddress: string;
  /** What the form was filled in with. */
  readonly written: Record<'status' | 'from' | 'to' | 'min' | 'q', string>;
  readonly statuses: readonly { readonly value: string; readonly selected: boolean }[];
  readonly filtered: boolean;
  readonly clearAddress: string;
  /** Parameters that the filter form carries along. */
  readonly kept: readonly { readonly name: string; readonly value: string | number }[];
  /** The sentence for each field that could not be read; '' for one that could. */
  readonly problems: Record<'from' | 'to' | 'min', string>;
}

/** @param keep the parameters that lead to the page the table stands on */
export async function loadReferrals(
  module: Module,
  language: Language,
  { query, base }: Pick<PageRequest, 'query' | 'base'>,
  affiliateId: number,
  currency: Currency,
  keep: Query,
): Promise<ReferralTable> {
  const { filter, problems } = readFilter(query, currency, module.settings.timeZone, language);
  const sort = REFERRAL_SORTS.find((name) => name === query.sort) ?? 'signedUp';
  const descending = query.dir ? query.dir === 'desc' : !WORDS.includes(sort);
  const list = await module.reads.referrals({
    affiliateId,
    currency,
    filter,
    sort,
    descending,
    limit: PER_PAGE,
    ...(query.cursor && { cursor: query.cursor }),
  });
  const written = writtenFilter(query);
  const order = { sort, dir: descending ? 'desc' : 'asc' };
  const here = (change: Query) => address(base, { ...keep, ...written, ...order, ...change }, FRAGMENT);
  const columns = REFERRAL_SORTS.map((name): Column => {
    const flipped = name === sort ? !descending : !WORDS.includes(name);
    return {
      sort: name,
      label: language.t(`referrals.column.${name}`),
      address: here({ sort: name, dir: flipped ? 'desc' : 'asc' }),
      ariaSort: name !== sort ? 'none' : descending ? 'descending' : 'ascending',
      isAmount: AMOUNTS.includes(name),
    };
  });
  return {
    ...list,
    columns,
    // A Record over all sorts, since there is a column for each.
    labels: Object.fromEntries(columns.map(({ sort: name, label }) => [name, label])) as Record<
      ReferralSort,
      string
    >,
    nextAddress: list.next ? here({ cursor: list.next }) : '',
    previousAddress: list.previous ? here({ cursor: list.previous }) : '',
    written,
    statuses: STATUSES.map((value) => ({ value, selected: value === filter.status })),
    filtered: Object.values(written).some(Boolean),
    clearAddress: address(base, { ...keep, ...order }, FRAGMENT),
    kept: Object.entries({ ...keep, ...order })
      .filter(([, value]) => value !== '')
      .map(([name, value]) => ({ name, value })),
    problems,
  };
}

function writtenFilter(query: PageRequest['query']): ReferralTable['written'] {
  const take = (name: string) => (query[name] ?? '').trim().slice(0, 100);
  const status = take('status');
  return {
    status: status === 'all' ? '' : status,
    from: take('from'),
    to: take('to'),
    min: take('min'),
    q: take('q'),
  };
}

/** A field that cannot be read is named, and the list is shown as if it were empty. */
function readFilter(query: PageRequest['query'], currency: Currency, timeZone: string, language: Language) {
  const { status, from, to, min, q } = writtenFilter(query);
  const start = readDay(from, timeZone)?.startOf('day');
  const end = readDay(to, timeZone)?.endOf('day');
  const minimumEarned = min ? readAmount(min, currency) : undefined;
  const filter: ReferralFilter = {
    status: STATUSES.find((name) => name === status) ?? 'all',
    ...(start && { from: start.toMillis() }),
    ...(end && { to: end.toMillis() }),
    ...(minimumEarned !== undefined && { minimumEarned }),
    ...(q && { search: q }),
  };
  const problem = (key: string, field: string, wrong: boolean) =>
    wrong ? language.t(key, { field: fieldLabel(field, language) }) : '';
  return {
    filter,
    problems: {
      from: problem('referrals.filter.bad_date', 'from', from !== '' && !start),
      to: problem('referrals.filter.bad_date', 'to', to !== '' && !end),
      min: problem('referrals.filter.bad_amount', 'min', min !== '' && minimumEarned === undefined),
    },
  };
}

function readAmount(text: string, currency: Currency): number | undefined {
  try {
    return parseAmount(text, currency, 'min');
  } catch (error) {
    if (isAffiliatesError(error)) return undefined;
    throw error;
  }
}
