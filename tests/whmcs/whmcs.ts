/**
 * A portal that stands in for WHMCS, under real PHP: the addon is unpacked into it from the packaged zip, and hooks are
 * fired and pages asked for over HTTP, as browsers and WHMCS do. Its database is MariaDB; `stand-in/` says the rest.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { packageAddon } from '../../scripts/whmcs-package';
import type { TestDatabase } from '../support/databases';
import { freePort } from '../support/mariadb';
import { startProcess, type Running } from './process';

export const SECRET = 'a secret that portal and service share';
export const ADDON = 'cloudpockets_affiliates';

export interface Answer {
  readonly status: number;
  readonly location: string;
  readonly headers: Headers;
  readonly text: string;
}

/** Somebody with a browser: keeps cookies, follows nothing. */
export interface Visitor {
  cookies(): string;
  /** Has a cookie from somewhere. */
  plant(name: string, value: string): void;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Posts a form, or JSON to `act.php`. */
  post(path: string, form: Record<string, string>): Promise<Answer>;
  act(what: object): Promise<unknown>;
  signIn(session: { uid?: number; adminid?: number }): Promise<void>;
}

export interface Whmcs {
  readonly url: string;
  /** WHMCS's own database. */
  readonly tables: Knex;
  /** @param address from where; this machine's own unless given */
  visitor(address?: string): Visitor;
  /** Fires a hook as WHMCS does, outside of any visit unless somebody's is given. */
  fire(point: string, vars?: object, who?: Visitor, area?: 'admin' | 'client'): Promise<unknown>;
  /** What staff save in the addon's form. */
  configure(settings: Record<string, string>): Promise<void>;
  /** Adds a row. @returns its number */
  add(table: string, row: object): Promise<number>;
  /** Lets the addon's clock be off by so many seconds. */
  skew(seconds: number): void;
  /** Waits are over: the service is asked again at once. */
  forgetRest(): Promise<void>;
  stop(): Promise<void>;
}

const STAND_IN = join(__dirname, 'stand-in');

export async function startWhmcs(database: TestDatabase, smarty: '3' | '4' = '4'): Promise<Whmcs> {
  const folder = mkdtempSync(join(tmpdir(), 'affiliates-whmcs-'));
  const root = join(folder, 'whmcs');
  cpSync(STAND_IN, root, { recursive: true });
  unpack(await packageAddon(folder), root);
  const address = await database.empty();
  const tables = database.connect(address);
  const schema = readFileSync(join(STAND_IN, 'standin/tables.sql'), 'utf8').replace(/^--.*$/gm, '');
  for (const statement of schema.split(/;\n/).filter((text) => text.trim())) await tables.raw(statement);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const clock = join(folder, 'clock');
  await tables('tblconfiguration').insert([
    { setting: 'SystemURL', value: `${url}/` },
    { setting: 'Language', value: 'english' },
  ]);
  const { hostname, port: databasePort, pathname, username, password } = new URL(address);
  const server = await startProcess(['php', '-S', `127.0.0.1:${port}`, '-t', root], port, {
    cwd: root,
    log: join(folder, 'log'),
    env: {
      STANDIN_DATABASE: JSON.stringify({
        host: hostname,
        port: databasePort,
        database: pathname.slice(1),
        username,
        password,
      }),
      STANDIN_CLOCK: clock,
      STANDIN_SMARTY: smarty,
    },
  });
  return {
    ...portalAt(url, tables),
    skew: (by) => writeFileSync(clock, String(by)),
    ...ending(server, folder),
  };
}

function portalAt(url: string, tables: Knex): Omit<Whmcs, 'skew' | 'stop'> {
  const visitor = (address?: string) => newVisitor(url, address);
  const setting = (name: string) => tables('tbladdonmodules').where({ module: ADDON, setting: name });
  return {
    url,
    tables,
    visitor,
    fire: (point, vars = {}, who = visitor(), area = 'client') => who.act({ point, vars, area }),
    async configure(settings) {
      for (const [name, value] of Object.entries(settings)) {
        await setting(name).delete();
        await tables('tbladdonmodules').insert({ module: ADDON, setting: name, value });
      }
    },
    async add(table, row) {
      const [id] = await tables(table).insert(row);
      return Number(id);
    },
    async forgetRest() {
      await tables(`mod_${ADDON}_state`).where({ name: 'resting_until' }).delete();
    },
  };
}

const ending = (server: Running, folder: string): Pick<Whmcs, 'stop'> => ({
  async stop() {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  },
});

function unpack(zip: string, folder: string): void {
  const { status, stderr } = spawnSync('unzip', ['-q', '-o', zip, '-d', folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

function newVisitor(url: string, address = '127.0.0.1'): Visitor {
  const jar = new Map<string, string>();
  const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const answer = await fetch(`${url}/${path}`, {
      ...init,
      redirect: 'manual',
      headers: {
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
        cookie: cookies(),
        'x-visitor': address,
        ...(init.headers as Record<string, string> | undefined),
      },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/; Max-Age=0(;|$)/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    const { status, headers } = answer;
    return { status, headers, location: headers.get('location') ?? '', text: await answer.text() };
  };
  const act = async (what: object): Promise<unknown> => {
    const { text } = await ask('act.php', { method: 'POST', body: JSON.stringify(what) });
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return text;
    }
  };
  return {
    cookies,
    act,
    plant: (name, value) => void jar.set(name, value),
    get: (path, headers = {}) => ask(path, { headers }),
    post: (path, form) => ask(path, { method: 'POST', body: new URLSearchParams(form) }),
    async signIn(session) {
      await act({ signIn: session });
    },
  };
}
