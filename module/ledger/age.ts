/** How old is what the program owes. Pure: sums in, groups of age out. */
import { sum } from '../money';

/** Groups of age end after so many days; the last group has no end. */
export const AGES = [30, 60, 90, 180] as const;

/** The accounts of what is owed, in the order in which money passes through them. */
export const OWING = ['clearing', 'cleared', 'reserved'] as const;
export type OwingAccount = (typeof OWING)[number];

/** Minor units per group of age, the youngest first: one more than `AGES`. */
export type Ages = readonly number[];

/**
 * First in, first out: what is taken back or paid out is taken from the oldest money, so that what is owed is what came
 * in last. Within it the oldest is reserved, the next is cleared, and the youngest is clearing.
 * @param owed what stands in each account; none below zero, since a carried debt is owed by the affiliate
 * @param credits what came in during each group of age but the last
 * @returns what of each account falls into each group; the groups of an account add up to it
 */
export function ageOf(
  owed: Readonly<Record<OwingAccount, number>>,
  credits: readonly number[],
): Record<OwingAccount, Ages> {
  let rest = sum(OWING.map((account) => owed[account]));
  const groups = AGES.map((_, group) => {
    const part = Math.min(credits[group] ?? 0, rest);
    rest = sum([rest, -part]);
    return part;
  });
  const left = [...groups, rest];
  const fill = (amount: number): Ages => {
    let missing = amount;
    return left.map((available, group) => {
      const part = Math.min(available, missing);
      left[group] = sum([available, -part]);
      missing = sum([missing, -part]);
      return part;
    });
  };
  return { clearing: fill(owed.clearing), cleared: fill(owed.cleared), reserved: fill(owed.reserved) };
}
