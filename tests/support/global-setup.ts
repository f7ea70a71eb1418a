/**
 * Gives the workers one private MariaDB for the whole run. It is started when the first of them asks, so that a run
 * on SQLite alone does not wait for it.
 */
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMariaDb, type PrivateMariaDb } from './mariadb';

export interface RunResources {
  /** Set by the first test that asks for MariaDB. */
  mariaDb?: Promise<PrivateMariaDb>;
  closeDesk(): void;
  readonly folder: string;
}

export default async function globalSetup(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'affiliates-tests-'));
  const resources: RunResources = { folder, closeDesk: () => desk.close() };
  const desk = createServer((_request, response) => {
    resources.mariaDb ??= startMariaDb();
    resources.mariaDb.then(
      ({ url }) => response.end(url),
      (error: unknown) => response.writeHead(503).end(String(error)),
    );
  });
  desk.listen(join(folder, 'desk')).unref();
  await once(desk, 'listening');
  process.env['AFFILIATES_TEST_DESK'] = join(folder, 'desk');
  (globalThis as { affiliatesTestRun?: RunResources }).affiliatesTestRun = resources;
}
