/** Ids of transactions are ULIDs and begin with the moment of posting, so that a moment is a place among the ids. */
import { decodeTime, encodeTime } from 'ulid';

const TIME_LETTERS = 10;
const LEAST_REST = '0'.repeat(16);

/** @returns the least id that a transaction posted at that time or later may have; ms, UTC. */
export function firstIdAt(at: number): string {
  return encodeTime(Math.max(0, at), TIME_LETTERS) + LEAST_REST;
}

/** @returns when the transaction with that id was posted; ms, UTC. */
export function postedAt(id: string): number {
  return decodeTime(id);
}
