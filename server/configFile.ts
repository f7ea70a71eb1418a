/** Writes configuration files: whole or not at all, and for nobody but their owner and group. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  linkSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
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

/**
 * Replaces a file's content. Its owner and mode stay, but that nobody else may read it any more; a link stays one.
 * @throws Unusable
 */
export function replaceFile(file: string, content: string): void {
  const meant = realpathSync(file);
  const draft = writeDraft(meant, content, statSync(meant));
  try {
    renameSync(draft, meant);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new Unusable(`${file} cannot be written: ${codeOf(error) ?? 'unknown'}.`);
  }
}

const WITHOUT_OTHERS = 0o770;

/** Writes to a file beside the one that is meant, so that a power cut leaves the old one or the new one. */
function writeDraft(file: string, content: string, like?: Stats): string {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const descriptor = openSync(draft, 'wx', OWNER_ONLY);
    try {
      writeFileSync(descriptor, content);
      if (like) {
        fchownSync(descriptor, like.uid, like.gid);
        fchmodSync(descriptor, like.mode & WITHOUT_OTHERS);
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    return draft;
  } catch (error) {
    rmSync(draft, { force: true });
    throw new Unusable(`${file} cannot be written: ${codeOf(error) ?? 'unknown'}.`);
  }
}
