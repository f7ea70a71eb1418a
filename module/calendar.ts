/** Months and days as the program's time zone has them: some days are 23 hours long, and some begin at one o'clock. */
import { DateTime } from 'luxon';

/** A month or a day. */
export interface Span {
  /** '2026-03' or '2026-03-31'. */
  readonly key: string;
  /** When it begins, and when the next one does; ms, UTC. */
  readonly from: number;
  readonly to: number;
}

type Unit = 'month' | 'day';
const FORMATS = { month: 'yyyy-MM', day: 'yyyy-MM-dd' } as const;
/** Keys are read by programs: whatever digits the machine's own language has. */
const DIGITS = { locale: 'en', numberingSystem: 'latn' } as const;
/** Nothing was posted before computers counted time, and ids cannot say so. */
const EARLIEST_YEAR = 1971;
const LATEST_YEAR = 9998;

/** @returns the month or day that the text names, null for any other text */
export function spanNamed(unit: Unit, text: string, zone: string): Span | null {
  const time = DateTime.fromFormat(text, FORMATS[unit], { zone, ...DIGITS });
  if (!time.isValid || keyOf(unit, time) !== text) return null;
  return time.year < EARLIEST_YEAR || time.year > LATEST_YEAR ? null : spanOf(unit, time);
}

/** @returns the month or day in which a moment lies; ms, UTC */
export function spanAt(unit: Unit, at: number, zone: string): Span {
  return spanOf(unit, DateTime.fromMillis(at, { zone }));
}

/** @returns when the day begins that is so many days before that one; ms, UTC */
export function daysBefore(day: Span, days: number, zone: string): number {
  return DateTime.fromMillis(day.from, { zone }).minus({ days }).startOf('day').toMillis();
}

/** @returns the months from the one of the first moment to the one of the last, the last first */
export function monthsBetween(first: number, last: number, zone: string): Span[] {
  const months: Span[] = [];
  const earliest = DateTime.fromMillis(first, { zone }).startOf('month');
  for (let month = DateTime.fromMillis(last, { zone }).startOf('month'); month >= earliest;) {
    months.push(spanOf('month', month));
    month = month.minus({ months: 1 }).startOf('month');
  }
  return months;
}

/** @returns a moment with its offset, as programs read it: '2026-03-31T09:30:00.000+02:00' */
export function isoTime(at: number, zone: string): string {
  return DateTime.fromMillis(at, { zone }).toISO() ?? '';
}

function spanOf(unit: Unit, time: DateTime): Span {
  const from = time.startOf(unit);
  const next = from.plus(unit === 'month' ? { months: 1 } : { days: 1 }).startOf(unit);
  return { key: keyOf(unit, from), from: from.toMillis(), to: next.toMillis() };
}

const keyOf = (unit: Unit, time: DateTime): string => time.toFormat(FORMATS[unit], DIGITS);
