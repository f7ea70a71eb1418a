/** A private MariaDB: its own folder, socket, port on the loopback and password; gone when its starter is. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { MARIADB, findBinary } from './programs';
import { scratchFolder } from './scratch';

export interface PrivateMariaDb {
  /** 'mysql://user:password@127.0.0.1:port', without a database. */
  readonly url: string;
  /** Stops the server and removes its folder. */
  stop(): Promise<void>;
}

const START_LIMIT_MS = 30_000;

/**
 * Serves as long as the pipe on its input is open: the starter closes it to stop the server, and the system closes it
 * if the starter is killed. Either way the server is stopped by its own id.
 */
const WATCHDOG = `
server=$1 folder=$2
shift 2
(
  mariadb-install-db --no-defaults "--datadir=$folder/data" --auth-root-authentication-method=normal --skip-test-db "$1" &&
  exec "$server" --no-defaults "--datadir=$folder/data" "$@"
) >"$folder/log" 2>&1 </dev/null &
started=$!
cat >/dev/null
kill "$started" 2>/dev/null
wait "$started"
rm -rf "$folder"
`;

/** Starts one and waits until it answers. @throws with the end of the server's log when it does not. */
export async function startMariaDb(): Promise<PrivateMariaDb> {
  const server = findBinary(MARIADB.binaries);
  if (!server) throw new Error(`MariaDB is not installed: ${MARIADB.install}`);
  const folder = scratchFolder('affiliates-mariadb');
  const password = randomBytes(12).toString('hex');
  const port = await freePort();
  writeFileSync(
    join(folder, 'init.sql'),
    `CREATE USER IF NOT EXISTS 'tests'@'%' IDENTIFIED BY '${password}';\nGRANT ALL ON *.* TO 'tests'@'%' WITH GRANT OPTION;\n`,
  );
  const watchdog = spawn(
    'sh',
    ['-c', WATCHDOG, 'mariadb-watchdog', server, folder, ...options(folder, port)],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    },
  );
  const stop = () => stopMariaDb(watchdog);
  const url = `mysql://tests:${password}@127.0.0.1:${port}`;
  try {
    await answering(url);
  } catch (error) {
    const log = readFileSync(join(folder, 'log'), 'utf8').split('\n').slice(-20).join('\n');
    await stop();
    throw new Error(`The private MariaDB did not start:\n${log}`, { cause: error });
  }
  // Neither the watchdog nor its pipe keeps the starter from ending.
  watchdog.unref();
  (watchdog.stdin as unknown as { unref(): void }).unref();
  return { url, stop };
}

function options(folder: string, port: number): string[] {
  return [
    `--user=${userInfo().username}`,
    `--init-file=${join(folder, 'init.sql')}`,
    `--socket=${join(folder, 'socket')}`,
    `--pid-file=${join(folder, 'pid')}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    '--innodb-buffer-pool-size=64M',
    '--innodb-log-file-size=32M',
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_unicode_ci',
  ];
}

async function stopMariaDb(watchdog: ChildProcess): Promise<void> {
  if (watchdog.exitCode !== null) return;
  watchdog.ref();
  const gone = once(watchdog, 'exit');
  watchdog.stdin?.end();
  await gone;
}

async function answering(url: string): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    try {
      const connection = await createConnection({ uri: url, connectTimeout: 2_000 });
      await connection.end();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(50);
    }
  }
}

/** The system's choice of a port that nobody uses. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('The system gave no port');
  return address.port;
}
