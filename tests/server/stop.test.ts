/** The command `serve` as a supervisor runs it: stopped and killed in the middle of its work, nothing is lost. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { paidInvoice } from '../support/payloads';
import { SECRET } from '../support/given';
import { describeOnSqlite } from '../support/databases';
import { COMMAND_LIMIT_MS } from '../support/command';
import { fact, HOST_SECRET, tokenFor } from './given';

const ROOT = join(__dirname, '../..');
const clock = { now: () => new Date() };

interface Serving {
  readonly child: ChildProcess;
  readonly address: string;
  readonly ended: Promise<number | null>;
}

const running = new Set<Serving>();
afterEach(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGKILL');
    await ended;
  }
  running.clear();
});

async function serve(database: string): Promise<Serving> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'server/cli.ts', 'serve'], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'] ?? '',
      AFFILIATES_DATABASE: database,
      AFFILIATES_SECRETS: SECRET,
      AFFILIATES_HOST_SECRETS: HOST_SECRET,
      AFFILIATES_LISTEN: '127.0.0.1:0',
      AFFILIATES_SETTINGS_PORTAL_URL: 'https://my.example.com',
    },
  });
  const ended = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null);
  let out = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (out += text.toString()));
  for (;;) {
    const address = /"address":"(http:\/\/127\.0\.0\.1:\d+)"/.exec(out)?.[1];
    if (address) {
      const serving = { child, address, ended };
      running.add(serving);
      return serving;
    }
    const next = await Promise.race([
      once(child.stdout, 'data').then(() => 'more'),
      ended.then(() => 'ended'),
    ]);
    if (next === 'ended') throw new Error(`the service ended:\n${out}`);
  }
}

async function post({ address }: Serving, body: object): Promise<Response> {
  const sent = JSON.stringify(body);
  return fetch(`${address}/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${tokenFor(clock, 'POST /events', sent)}`,
    },
    body: sent,
  });
}

const batchOf = (size: number) =>
  Array.from({ length: size }, (_none, place) =>
    fact(clock, 'InvoicePaid', paidInvoice({ invoiceid: `i${place}`, userid: '9', total: '10.00' })),
  );

describeOnSqlite('affiliates serve', (database) => {
  it(
    'killed in the middle of a batch keeps what it took, and the batch again makes it whole',
    async () => {
      const url = await database.clean();
      const knex = database.connect(url);
      const events = batchOf(300);
      const first = await serve(url);
      const lost = post(first, { events }).then(
        () => 'answered',
        () => 'lost',
      );
      const kept = async () => (await knex('mod_affiliates_events').where({ source: 'host' })).length;
      // SQLite answers at once: without a turn of the loop, the request would never leave.
      while ((await kept()) < 5) await nextTurn();
      first.child.kill('SIGKILL');
      expect(await lost).toBe('lost');
      await first.ended;
      expect(await kept()).toBeLessThan(events.length);
      const second = await serve(url);
      const answer = await post(second, { events });
      const { answers } = (await answer.json()) as { answers: { status: string }[] };
      expect(answers.map(({ status }) => status)).toEqual(events.map(() => 'processed'));
      expect(await kept()).toBe(events.length);
      expect(await knex('mod_affiliates_invoices')).toHaveLength(events.length);
    },
    2 * COMMAND_LIMIT_MS,
  );

  it(
    'told to stop under load answers what it has begun, keeps all of it, and ends with 0',
    async () => {
      const url = await database.clean();
      const serving = await serve(url);
      const events = batchOf(60);
      const asked = events.map((event) =>
        post(serving, event).then(
          async (response) => (response.status === 200 ? event.payload.eventId : null),
          () => null,
        ),
      );
      await Promise.race(asked);
      serving.child.kill('SIGTERM');
      const acknowledged = (await Promise.all(asked)).filter((id) => id !== null);
      expect(await serving.ended).toBe(0);
      const kept = await database
        .connect(url)('mod_affiliates_events')
        .where({ source: 'host' })
        .pluck<string[]>('source_id');
      expect(acknowledged.length).toBeGreaterThan(0);
      expect(kept).toEqual(expect.arrayContaining(acknowledged));
    },
    2 * COMMAND_LIMIT_MS,
  );
});
