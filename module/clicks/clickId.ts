import { createHash } from 'node:crypto';
import { encodeTime } from 'ulid';

const TIME_LETTERS = 10;
/** Eight letters of a ULID hold five bytes. */
const PART_LETTERS = 8;
const PART_BYTES = 5;

/**
 * @param visit what tells one visit from any other
 * @param at when it was; ms since the epoch
 * @returns a ULID of that time, the same for the same visit: told again, it is the click that is there already
 */
export function clickIdOf(visit: readonly string[], at: number): string {
  const digest = createHash('sha256').update(JSON.stringify(visit)).digest();
  const part = (index: number) => encodeTime(digest.readUIntBE(index * PART_BYTES, PART_BYTES), PART_LETTERS);
  return encodeTime(at, TIME_LETTERS) + part(0) + part(1);
}
