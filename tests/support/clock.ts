/** A clock that stands still until it is told to move. */
import { DateTime, type DurationLikeObject } from 'luxon';

export interface SettableClock {
  /** Hand this in as the `clock` of whatever is tested; it is bound to its object. */
  readonly now: () => Date;
  /** Moves on by a duration, counted in UTC: `clock.advance({ days: 3 })`. */
  advance(duration: DurationLikeObject): void;
  /** Jumps to an ISO instant, also back in time. */
  set(instant: string): void;
}

/** @param start an ISO instant with its zone: '2026-01-01T00:00:00Z' */
export function settableClock(start: string): SettableClock {
  let present = parse(start);
  return {
    now: () => present.toJSDate(),
    advance(duration) {
      present = present.plus(duration);
    },
    set(instant) {
      present = parse(instant);
    },
  };
}

function parse(instant: string): DateTime {
  const parsed = DateTime.fromISO(instant, { zone: 'utc' });
  if (!parsed.isValid) throw new Error(`'${instant}' is not an ISO instant such as 2026-01-01T00:00:00Z`);
  return parsed;
}
