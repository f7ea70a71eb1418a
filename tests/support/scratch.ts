/** Where tests keep what is gone when they end. */
import { mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Linux keeps what is written here in memory: a database then waits for no disk, and does all else as it would. */
const MEMORY = '/dev/shm';
/** What the databases of a run need, several times over; containers often have much less of it. */
const ENOUGH_BYTES = 2 * 1024 ** 3;

/** Makes a new folder, in memory where the machine has enough of it to give. @returns its path */
export function scratchFolder(name: string): string {
  return mkdtempSync(join(hasMemory() ? MEMORY : tmpdir(), `${name}-`));
}

function hasMemory(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ENOUGH_BYTES;
  } catch {
    // No such place on this system.
    return false;
  }
}
