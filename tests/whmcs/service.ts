/** The real service, started as its operator starts it; and a way to it that breaks when a test wants it to. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { createConnection, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/mariadb';
import { startProcess, type Running } from './process';

const ROOT = join(__dirname, '../..');

export interface Service {
  readonly url: string;
  /** What it is configured with. */
  environment(portal: string, hostSecrets: readonly string[]): Record<string, string>;
  /** @param portal its address */
  start(portal: string, hostSecrets: readonly string[]): Promise<void>;
  stop(): Promise<void>;
  /** Moves its clock. */
  skew(seconds: number): void;
  log(): string;
  remove(): Promise<void>;
}

/** @param database its address, as `serve` takes it */
export async function prepareService(database: string): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'affiliates-service-'));
  const port = await freePort();
  const clock = join(folder, 'clock');
  const log = join(folder, 'log');
  let running: Running | undefined;
  const environment: Service['environment'] = (portal, hostSecrets) => ({
    TEST_CLOCK: clock,
    AFFILIATES_DATABASE: database,
    AFFILIATES_SECRETS: 'what signs the cookies and forms of tests',
    AFFILIATES_HOST_SECRETS: hostSecrets.join(','),
    AFFILIATES_SETTINGS_PORTAL_URL: portal,
    AFFILIATES_LISTEN: `127.0.0.1:${port}`,
  });
  const stop = async () => {
    await running?.stop();
    running = undefined;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    environment,
    async start(portal, hostSecrets) {
      const command = [
        '--require',
        join(__dirname, 'clock.cjs'),
        '--import',
        'tsx',
        'server/cli.ts',
        'serve',
      ];
      const env = environment(portal, hostSecrets);
      running = await startProcess([process.execPath, ...command], port, { cwd: ROOT, log, env });
    },
    stop,
    skew: (seconds) => writeFileSync(clock, String(seconds)),
    log: () => readFileSync(log, 'utf8'),
    async remove() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * How the way is: `lossy` hands requests on and loses the answers, as when the service is ended in the middle.
 */
export type Way = 'open' | 'closed' | 'failing' | 'hanging' | 'lossy';

export interface Proxy {
  readonly url: string;
  becomes(way: Way): void;
  close(): Promise<void>;
}

export async function startProxy(target: string): Promise<Proxy> {
  let way: Way = 'open';
  const pass = (request: IncomingMessage, response: ServerResponse) => {
    if (way === 'hanging') return;
    if (way === 'closed') return void request.socket.destroy();
    if (way === 'failing') return void response.writeHead(500).end();
    const isLossy = way === 'lossy';
    const { method, headers, url } = request;
    const onward = ask(`${target}${url}`, { method, headers, agent: false }, (answer) => {
      if (isLossy) return void answer.resume().on('end', () => request.socket.destroy());
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => request.socket.destroy());
    request.pipe(onward);
  };
  const server = createServer(pass);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    becomes: (next) => {
      way = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export interface DatabaseWay {
  /** The address of the database through here. */
  readonly url: string;
  /** Ends every connection and takes no other, as a server that is restarted. */
  cut(): void;
  restore(): void;
  close(): Promise<void>;
}

/** @param address 'mysql://user:password@host:port/name' */
export async function startDatabaseWay(address: string): Promise<DatabaseWay> {
  const target = new URL(address);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createTcpServer((socket) => {
    if (isCut) return void socket.destroy();
    const onward = createConnection({ host: target.hostname, port: Number(target.port) });
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const through = new URL(address);
  through.port = String(port);
  const end = () => sockets.forEach((socket) => socket.destroy());
  return {
    url: through.href,
    cut() {
      isCut = true;
      end();
    },
    restore() {
      isCut = false;
    },
    async close() {
      end();
      server.close();
      await once(server, 'close');
    },
  };
}
