/** What reading a source's rows needs in several places. Pure. */
import { DateTime } from 'luxon';
import type { Rows } from './rows';
import type { Note, NoteCode } from './rules';

/** With which eyes a source is read. */
export interface Reading {
  /** That of the setting: dates begin in it. */
  readonly timeZone: string;
  /** ms, UTC */
  readonly now: number;
}

export type Row<Table extends keyof Rows> = Rows[Table] extends readonly (infer One)[] ? One : never;

/** A service that was bought through an affiliate's link, with what it brought. */
export interface Bought {
  readonly account: Row<'accounts'>;
  /** null where the source has it no more. */
  readonly service: Row<'services'> | null;
  readonly pending: Row<'pending'>[];
  readonly history: Row<'history'>[];
}

export const note = (code: NoteCode, parameters: Note['parameters'] = {}): Note => ({ code, parameters });

/** @returns when a day or a moment of the source was; null for none, such as '0000-00-00'; ms, UTC */
export function momentOf(written: string, { timeZone }: Pick<Reading, 'timeZone'>): number | null {
  const time = DateTime.fromSQL(written, { zone: timeZone });
  return time.isValid && time.year > 1970 ? time.toMillis() : null;
}

/** @returns an id of the source; '' where it says 0 or nothing */
export const idOf = (written: string): string => (written === '0' ? '' : written);
