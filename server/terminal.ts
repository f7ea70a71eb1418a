/** What the commands share: progress for whoever waits, and one sentence for whoever called in vain. */
import { Presets, SingleBar } from 'cli-progress';
import { isAffiliatesError, type AffiliatesError } from '../module/errors';
import { reportOf } from '../module/faults';
import { explain } from '../pages/explain';
import { loadLanguages } from '../pages/language';

/**
 * Shows how far something is. The bar is for a person who waits: it goes to the terminal's error output, and nowhere
 * when that is no terminal.
 * @param run is given the function to tell progress to, and the present (ms, UTC)
 */
export async function showingProgress<T>(
  run: (progress: (done: number, total: number) => void, now: number) => Promise<T>,
): Promise<T> {
  const format = { format: '{bar} {percentage}%', clearOnComplete: true };
  const bar = new SingleBar(format, Presets.shades_classic);
  // eslint-disable-next-line no-restricted-syntax -- a command is run in the present
  const now = Date.now();
  try {
    bar.start(1, 0);
    return await run((done, total) => {
      bar.setTotal(total);
      bar.update(done);
    }, now);
  } finally {
    bar.stop();
  }
}

/** Something in the call that keeps a command from its work; the message is a sentence for whoever typed it. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
}

function inEnglish(error: AffiliatesError): string {
  return explain(error, loadLanguages({ language: 'english', timeZone: 'UTC' }).of('en')).message;
}

const DATABASE: Readonly<Record<string, string>> = {
  address:
    "The address is of no kind that is known: give 'mysql://user:password@host:port/name' or 'sqlite:/folder/file.sqlite'.",
  no_source: "WHMCS's tables are not in the database that --from names.",
  no_program: 'There is no affiliate program in this database.',
  newer_version: 'A newer version made these tables: use the command of that version.',
  other_version:
    'The tables are of another version: start the program once, or use the command of the version that made them.',
};

/** @returns a sentence for whoever typed the command; the address is left out, as it holds a password. */
export function whyNot(error: unknown): string {
  if (error instanceof Unusable) return error.message;
  const { code } = Object(error) as { code?: unknown };
  if (code === 'EADDRINUSE') return 'The address is in use: choose another with listen (AFFILIATES_LISTEN).';
  if (isAffiliatesError(error, 'setting_invalid')) return error.message;
  if (!isAffiliatesError(error)) return `It broke off: ${reportOf(error).fault}.`;
  if (!isAffiliatesError(error, 'database_unusable')) return inEnglish(error);
  const { reason } = error.parameters;
  return DATABASE[reason] ?? `The database cannot be read: ${reason}.`;
}
