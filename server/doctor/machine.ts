/** What is wrong with the machine and its Node. */
import { DateTime } from 'luxon';
import type { Problem } from './sentences';

/** As in package.json under engines. */
const NEEDED = '20.12.0';

export function examineNode(version: string): Problem[] {
  return isOlder(version, NEEDED) ? [{ code: 'node_old', parameters: { version, needed: NEEDED } }] : [];
}

function isOlder(version: string, needed: string): boolean {
  return version.localeCompare(needed, 'en', { numeric: true }) < 0;
}

/** A summer's day and a winter's: most zones differ on one of them from what is taken when nothing is known. */
const DAYS = ['2026-01-15', '2026-07-15'];

/**
 * Compares a zone with one whose hours are known: without its data, Node takes every zone for UTC, or throws.
 * @param offsetOf gives minutes east of UTC of a zone on a day; NaN where it knows none
 */
export function examineTimeZone(zone: string, offsetOf = offsetIn): Problem[] {
  const berlin = DAYS.map((day) => offsetOf('Europe/Berlin', day)).join();
  const own = DAYS.map((day) => offsetOf(zone, day));
  if (berlin === '60,120' && own.every((offset) => !Number.isNaN(offset))) return [];
  return [{ code: 'time_zone_missing', parameters: { zone } }];
}

const offsetIn = (zone: string, day: string): number => DateTime.fromISO(day, { zone }).offset;
