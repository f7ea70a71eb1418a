/** Runs the command `affiliates` as an operator does. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
/** Starting it compiles it, on a machine that is busy with other tests. */
export const COMMAND_LIMIT_MS = 60_000;

/** @returns SHA-256 over the file of a database's address, to show that nobody wrote to it */
export const digestOfFile = (url: string): string =>
  createHash('sha256')
    .update(readFileSync(url.slice('sqlite:'.length)))
    .digest('hex');

export function affiliates(words: readonly string[], environment: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'server/cli.ts', ...words],
    { cwd: ROOT, encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '', ...environment } },
  );
  return { status, stdout, stderr };
}
