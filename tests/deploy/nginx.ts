/** A private nginx: its own folder and port, rules as they stand in their file, and a visitor with an address. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../support/mariadb';
import { findBinary, NGINX } from '../support/programs';
import { scratchFolder } from '../support/scratch';

const RULES = readFileSync(join(__dirname, '../../deploy/nginx.conf'), 'utf8');
const START_LIMIT_MS = 10_000;

export interface PrivateNginx {
  /** 'http://127.0.0.1:port' */
  readonly address: string;
  stop(): Promise<void>;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Which of this machine's own addresses it is asked from. */
  readonly from: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** What docs/operate.md says to put around it, without the certificate. Started by root, it would be nobody. */
const mainConfig = (folder: string, port: number, service: string) => `
daemon off;
user ${userInfo().username};
worker_processes 1;
pid ${folder}/pid;
error_log ${folder}/error.log;
events {}
http {
    access_log off;
    client_body_temp_path ${folder}/body;
    proxy_temp_path ${folder}/proxy;
    fastcgi_temp_path ${folder}/fastcgi;
    uwsgi_temp_path ${folder}/uwsgi;
    scgi_temp_path ${folder}/scgi;
    upstream affiliates {
        server ${service.replace('http://', '')};
        keepalive 16;
    }
    server {
        listen 127.0.0.1:${port};
        include ${folder}/rules.conf;
    }
}
`;

/**
 * @param service its address, such as 'http://127.0.0.1:8700'
 * @param rules what stands in the server's block: deploy/nginx.conf unless given
 * @throws with nginx's own words when it does not start
 */
export async function startNginx(service: string, rules = RULES): Promise<PrivateNginx> {
  const binary = findBinary(NGINX.binaries);
  if (!binary) throw new Error(`nginx is not installed: ${NGINX.install}`);
  const folder = scratchFolder('affiliates-nginx');
  mkdirSync(join(folder, 'logs'));
  const port = await freePort();
  const config = join(folder, 'main.conf');
  writeFileSync(config, mainConfig(folder, port, service));
  writeFileSync(join(folder, 'rules.conf'), rules);
  const words = ['-p', folder, '-c', config, '-e', join(folder, 'error.log')];
  const server = spawn(binary, words, { stdio: 'ignore' });
  const ended = once(server, 'exit');
  const stop = async () => {
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  };
  const address = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await answers(address))) {
    if (server.exitCode === null && Date.now() < deadline) {
      await pause(20);
      continue;
    }
    const log = readFileSync(join(folder, 'error.log'), 'utf8');
    await stop();
    throw new Error(`The private nginx did not start:\n${log}`);
  }
  return { address, stop };
}

const answers = (address: string) =>
  ask(`${address}/metrics`, { from: '127.0.0.1' }).then(
    () => true,
    () => false,
  );

/** The path goes out as it is written, dots and all. */
export function ask(address: string, { method = 'GET', headers = {}, body, from }: Asked): Promise<Answer> {
  const [, host = '', port = '', path = '/'] = /^http:\/\/([^:/]+):(\d+)(.*)$/.exec(address) ?? [];
  return new Promise((resolve, reject) => {
    const asked = request(
      { host, port, path, method, headers, localAddress: from, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        });
        response.on('error', reject);
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}
