/** A program that runs beside the tests, and ends with them however they end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Serves as long as the pipe on its input is open, which the system closes when the tests are killed. */
const WATCHDOG = `
"$@" >"$PROCESS_LOG" 2>&1 </dev/null &
started=$!
cat >/dev/null
kill "$PROCESS_SIGNAL" "$started" 2>/dev/null
wait "$started"
`;

const START_LIMIT_MS = 30_000;

export interface Running {
  stop(): Promise<void>;
}

/** Starts it and waits until something listens on the port of this machine. */
export async function startProcess(
  command: readonly string[],
  port: number,
  { log, env, cwd }: { log: string; env: Record<string, string>; cwd: string },
): Promise<Running> {
  const path = process.env['PATH'] ?? '';
  const watchdog = spawn('sh', ['-c', WATCHDOG, 'watchdog', ...command], {
    cwd,
    env: { PATH: path, PROCESS_LOG: log, PROCESS_SIGNAL: '-TERM', ...env },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const stop = async () => {
    if (watchdog.exitCode !== null) return;
    watchdog.ref();
    const gone = once(watchdog, 'exit');
    watchdog.stdin.end();
    await gone;
  };
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await listens(port))) {
    if (Date.now() > deadline) {
      await stop();
      throw new Error(`${command[0]} did not start:\n${readFileSync(log, 'utf8').slice(-4000)}`);
    }
    await pause(50);
  }
  // Neither the watchdog nor its pipe keeps the tests from ending.
  watchdog.unref();
  (watchdog.stdin as unknown as { unref(): void }).unref();
  return { stop };
}

async function listens(port: number): Promise<boolean> {
  const socket = createConnection({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
