/**
 * When one person is not enough: what is corrected or paid out above the setting `approvalAbove` takes two of staff.
 * The amount travels with the event, so that a replay under other settings decides as it was decided then.
 */
import { AffiliatesError } from './errors';
import type { Money } from './money';
import type { Settings } from './settings';
import type { UnitOfWork } from './unitOfWork';

/** The most that one person may decide; null: any amount. */
export type MostForOne = Money | null;

export function mostForOne({ approvalAbove, currency }: Settings): MostForOne {
  return approvalAbove === null ? null : { amount: approvalAbove, currency };
}

/** @returns whether it is above the amount, or in a currency that cannot be compared with it. */
export function needsSecondPerson({ amount, currency }: Money, most: MostForOne): boolean {
  return most !== null && (currency !== most.currency || amount > most.amount);
}

/** @returns who of staff is at work. @throws AffiliatesError forbidden for anybody else */
export function staffOf({ by }: UnitOfWork): { id: string; name: string } {
  if (by.kind !== 'staff' || !by.id) throw new AffiliatesError('forbidden', {});
  return by;
}

/**
 * Compares ids and never names, which people choose.
 * @throws AffiliatesError second_person_needed when the one at work is the first person
 */
export function checkSecondPerson(work: UnitOfWork, firstId: string): void {
  if (staffOf(work).id === firstId) throw new AffiliatesError('second_person_needed', {});
}
