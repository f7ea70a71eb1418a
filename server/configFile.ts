/** Writes configuration files: whole or not at all, and for their owner alone. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { codeOf } from '../module/faults';
import { Unusable } from './terminal';

/** Read and written by the owner. */
const OWNER_ONLY = 0o600;

/**
 * Writes a file that is not there yet; of several who try at once, one does.
 * @returns whether it was written, false where there was one
 * @throws Unusable
 */
export function writeNewFile(file: string, content: string): boolean {
  const draft = writeDraft(file, content);
  try {
    // A link never replaces, and shows the file when it is whole.
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw new Unusable(`${file} cannot be written: ${codeOf(error) ?? 'unknown'}.`);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Writes to a file beside the one that is meant, so that a power cut leaves the old one or the new one. */
function writeDraft(file: string, content: string): string {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const descriptor = openSync(draft, 'wx', OWNER_ONLY);
    try {
      writeFileSync(descriptor, content);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    return draft;
  } catch (error) {
    throw new Unusable(`${file} cannot be written: ${codeOf(error) ?? 'unknown'}.`);
  }
}
