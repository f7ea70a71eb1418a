/**
 * What the program owed at the end of a day, by account and by age. It is summed up from entries by when they were
 * posted, so that a day that is over gives the same answer for ever.
 */
import type { Knex } from 'knex';
import { namesOfAffiliates } from './affiliates';
import { daysBefore, type Span } from './calendar';
import {
  AGES,
  ageOf,
  creditsIn,
  heldBefore,
  OWING,
  type Ages,
  type Held,
  type OwingAccount,
  type Period,
} from './ledger';
import { sum, type Currency } from './money';
import type { Settings } from './settings';
import type { LiabilityView, OwedView } from './views';

/** Affiliates at a time: bounds the statements, and on SQLite how long nobody else gets a turn. */
const BATCH = 500;
const NONE: Ages = [...AGES, 0].map(() => 0);
const NOTHING: OwedView = {
  accounts: { clearing: 0, cleared: 0, reserved: 0 },
  aged: { clearing: NONE, cleared: NONE, reserved: NONE },
  ages: NONE,
  owed: 0,
  debt: 0,
};

export async function liabilityOf(
  knex: Knex,
  { timeZone }: Pick<Settings, 'timeZone'>,
  currency: Currency,
  day: Span,
): Promise<LiabilityView> {
  const periods = periodsOf(day, timeZone);
  const rows: LiabilityView['rows'][number][] = [];
  for (let after = 0; ;) {
    const held = await heldBefore(knex, currency, day.to, { after, limit: BATCH });
    const last = held.at(-1);
    if (!last) break;
    after = last.affiliateId;
    const ids = held.map(({ affiliateId }) => affiliateId);
    const credits = await creditsIn(knex, currency, ids, periods);
    const names = await namesOfAffiliates(knex, ids);
    for (const one of held) {
      const owed = owedTo(one, credits.get(one.affiliateId) ?? []);
      const affiliate = names.get(one.affiliateId);
      if (affiliate && (owed.owed > 0 || owed.debt > 0)) rows.push({ ...owed, affiliate });
    }
  }
  // Equal amounts stand in the order of ids, in which they were read.
  rows.sort((one, other) => other.owed - one.owed || other.debt - one.debt);
  return { total: rows.reduce<OwedView>(add, NOTHING), rows };
}

/** Money that came in on the day itself is 0 days old; each group goes back to the beginning of its oldest day. */
function periodsOf(day: Span, timeZone: string): Period[] {
  let to = day.to;
  return AGES.map((days) => {
    const period = { from: daysBefore(day, days, timeZone), to };
    to = period.from;
    return period;
  });
}

function owedTo({ sums }: Held, credits: readonly number[]): OwedView {
  const { clearing, cleared, reserved } = sums;
  const accounts = { clearing, cleared: Math.max(0, cleared), reserved };
  const aged = ageOf(accounts, credits);
  return {
    accounts,
    aged,
    ages: NONE.map((_, group) => sum(OWING.map((account) => aged[account][group] ?? 0))),
    owed: sum(OWING.map((account) => accounts[account])),
    debt: Math.max(0, -cleared),
  };
}

function add(one: OwedView, other: OwedView): OwedView {
  const added = (ages: Ages, more: Ages) => ages.map((amount, group) => sum([amount, more[group] ?? 0]));
  const account = (name: OwingAccount) => added(one.aged[name], other.aged[name]);
  const total = (name: OwingAccount) => sum([one.accounts[name], other.accounts[name]]);
  return {
    accounts: { clearing: total('clearing'), cleared: total('cleared'), reserved: total('reserved') },
    aged: { clearing: account('clearing'), cleared: account('cleared'), reserved: account('reserved') },
    ages: added(one.ages, other.ages),
    owed: sum([one.owed, other.owed]),
    debt: sum([one.debt, other.debt]),
  };
}
