/** A clock that can be set back while a history is made, and runs on by itself afterwards. */
export interface AdjustableClock {
  readonly now: () => Date;
  /** Stands still at `at` (ms since the epoch); null lets it run with the present again. */
  set(at: number | null): void;
}

export function adjustableClock(): AdjustableClock {
  let standing: number | null = null;
  return {
    now: () => new Date(standing ?? Date.now()),
    set(at) {
      standing = at;
    },
  };
}
