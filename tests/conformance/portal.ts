/** The portal of the documentation, running: as it stands there, or with something wrong in it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/mariadb';
import { startProcess } from '../whmcs/process';

export const SECRET = 'a secret that the portal and we share';
const WRITTEN = readFileSync(join(__dirname, '../../docs/examples/portal.py'), 'utf8');

/** A line or more of the portal, and what stands in its place. */
export type Fault = readonly [right: string, wrong: string];

export interface RunningPortal {
  /** Where it takes steps. */
  readonly url: URL;
  stop(): Promise<void>;
}

let portals = 0;
/** Several portals are tried with one program, in which each has ids of its own. */
function firstIds(): Fault {
  const first = ++portals * 1000;
  const rows = ['clients', 'invoices', 'lines', 'refunds', 'tickets'].map(
    (table) => `INSERT INTO ${table} (id) VALUES (${first});`,
  );
  return [
    'CREATE TABLE commands (key PRIMARY KEY, answer);',
    `CREATE TABLE commands (key PRIMARY KEY, answer);\n${rows.join('\n')}`,
  ];
}

/** @param service where it sends to */
export async function startPortal(service: string, faults: readonly Fault[] = []): Promise<RunningPortal> {
  const folder = mkdtempSync(join(tmpdir(), 'affiliates-portal-'));
  const file = join(folder, 'portal.py');
  writeFileSync(file, [firstIds(), ...faults].reduce(replaced, WRITTEN));
  const port = await freePort();
  const env = { SERVICE: service, HOST_SECRET: SECRET, PORT: String(port) };
  const running = await startProcess(['python3', file], port, { cwd: folder, log: join(folder, 'log'), env });
  return {
    url: new URL(`http://127.0.0.1:${port}/conformance`),
    async stop() {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A fault that is not planted would let its test pass for nothing. */
function replaced(source: string, [right, wrong]: Fault): string {
  if (!source.includes(right)) throw new Error(`The portal has no ${right}`);
  return source.replaceAll(right, () => wrong);
}
