/**
 * How much slower a referral redirect is than a redirect that does nothing: both served by Fastify in one run, by
 * turns, to 64 connections. Prints requests per second and the ratio, which is what compares between machines.
 *
 *   npx tsx bench/redirect.ts                              on an SQLite file of its own
 *   npx tsx bench/redirect.ts mysql://user:pw@host/name    on a database that the module may fill
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Knex } from 'knex';
import { monotonicFactory } from 'ulid';
import { readVisit } from '../hooks/visit';
import { createClicks } from '../module/clicks';
import { connect } from '../module/database/connection';
import { migrate } from '../module/database/migrate';
import { readSettings } from '../module/settings';

const CONNECTIONS = 64;
const ROUNDS = 5;
const ROUND_MS = 2000;
const CODE = 'bench234';
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

const [, , first, second] = process.argv;
void (first === 'load' && second ? load(second) : compare(first));

async function compare(address: string | undefined): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'affiliates-bench-'));
  const { knex, close } = connect(address ?? `sqlite:${join(folder, 'bench.sqlite')}`);
  try {
    await migrate(knex);
    const app = await serve(knex);
    const origin = await app.listen({ host: '127.0.0.1', port: 0 });
    const speeds = { bare: [] as number[], referral: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      speeds.bare.push(await requestsPerSecond(`${origin}/bare`));
      speeds.referral.push(await requestsPerSecond(`${origin}/r/${CODE}`));
    }
    await app.close();
    report(median(speeds.bare), median(speeds.referral), await recorded(knex));
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function serve(knex: Knex): Promise<FastifyInstance> {
  await makeAffiliate(knex);
  const silent = () => undefined;
  const clicks = createClicks({
    knex,
    settings: readSettings({ portalUrl: 'https://my.example.com' }),
    secrets: ['a secret of the benchmark, long enough'],
    clock: () => new Date(),
    newId: monotonicFactory(),
    logger: { info: silent, warn: silent, error: (fields, message) => console.error(message, fields) },
    onCounted: silent,
  });
  const app = Fastify();
  app.get('/bare', (_request, reply) => reply.redirect('https://my.example.com/'));
  app.get<{ Params: { code: string } }>('/r/:code', async (request, reply) => {
    const { headers, params } = request;
    // Each request is a visitor of its own, so that none is cheaper for being a repeat.
    const ip = `10.${[0, 0, 0].map(() => Math.floor(Math.random() * 256)).join('.')}`;
    const visit = readVisit({ code: params.code, ip, headers, cookie: headers.cookie, secure: true });
    const answer = await clicks.redirect(visit);
    return reply.code(answer.status).headers(answer.headers).send();
  });
  app.addHook('onClose', () => clicks.drain());
  return app;
}

async function makeAffiliate(knex: Knex): Promise<void> {
  const row = { client_id: CODE, code: CODE, status: 'active', status_reason: '', locale: 'en' };
  await knex('mod_affiliates_affiliates')
    .insert({ ...row, email_hash: '', user_id: '', enrolled_at: 0 })
    .onConflict('code')
    .ignore();
}

/** The load comes from a process of its own, so that making it does not slow down what is measured. */
async function requestsPerSecond(url: string): Promise<number> {
  const [answered] = (await once(fork(__filename, ['load', url]), 'message')) as [number];
  return (answered * 1000) / ROUND_MS;
}

async function load(url: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const until = Date.now() + ROUND_MS;
  let answered = 0;
  const visitAgainAndAgain = async () => {
    while (Date.now() < until) {
      await visit(url, agent);
      answered++;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, visitAgainAndAgain));
  agent.destroy();
  process.send?.(answered);
}

function visit(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { 'user-agent': BROWSER } }, (response) => {
      if (response.statusCode !== 302) reject(new Error(`answered ${response.statusCode ?? 'nothing'}`));
      response.resume().on('end', resolve);
    }).on('error', reject);
  });
}

async function recorded(knex: Knex): Promise<number> {
  const [row] = (await knex('mod_affiliates_clicks').count({ clicks: '*' })) as [{ clicks: number }];
  return row.clicks;
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;

function report(bare: number, referral: number, clicks: number): void {
  console.log(`bare redirect      ${Math.floor(bare)} requests a second`);
  console.log(`referral redirect  ${Math.floor(referral)} requests a second, ${clicks} clicks recorded`);
  console.log(`ratio              ${Math.floor((100 * referral) / bare) / 100}`);
}
