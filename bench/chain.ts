/**
 * What the hash chain costs those who post: the same postings by the same writers, by turns without a sealer and with
 * one that seals beside them all the time, which is far more often than once a night. Prints postings per second and
 * the ratio, which is what compares between machines.
 *
 *   npx tsx bench/chain.ts                              on an SQLite file of its own
 *   npx tsx bench/chain.ts mysql://user:pw@host/name    on a database that the module may fill
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';
import { monotonicFactory } from 'ulid';
import { connect } from '../module/database/connection';
import { migrate } from '../module/database/migrate';
import { transact } from '../module/database/transact';
import { post, sealJournal, type LedgerTransaction } from '../module/ledger';
import { readSettings } from '../module/settings';
import type { UnitOfWork } from '../module/unitOfWork';

const WRITERS = 8;
const POSTINGS = 1000;
const ROUNDS = 9;
const BETWEEN_SEALS_MS = 100;

const newId = monotonicFactory();
const settings = readSettings({ portalUrl: 'https://my.example.com' });

void compare(process.argv[2]);

async function compare(address: string | undefined): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'affiliates-bench-'));
  const { knex, close } = connect(address ?? `sqlite:${join(folder, 'bench.sqlite')}`);
  try {
    await migrate(knex);
    // The first round would pay for what is compiled and opened only once.
    await postAndSeal(knex);
    const alone: number[] = [];
    const sealed: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      alone.push(await seconds(() => postAll(knex)));
      // What was posted without a sealer must not be paid for by those who post with one.
      await sealJournal(knex, Date.now());
      sealed.push(await seconds(() => postAndSeal(knex)));
    }
    await postAll(knex);
    const atOnce = await seconds(() => sealJournal(knex, Date.now()));
    report(POSTINGS / median(alone), POSTINGS / median(sealed), POSTINGS / atOnce);
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each writer posts for an affiliate of its own, one transaction after the other, each committed by itself. */
async function postAll(knex: Knex): Promise<void> {
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let posted = 0; posted < POSTINGS / WRITERS; posted++) {
      await transact(knex, (trx) => post(workIn(trx), [posting(writer + 1)]));
    }
  });
  await Promise.all(writers);
}

async function postAndSeal(knex: Knex): Promise<void> {
  let posting = true;
  const posted = postAll(knex).finally(() => (posting = false));
  while (posting) {
    await sealJournal(knex, Date.now());
    await pause(BETWEEN_SEALS_MS);
  }
  await posted;
  await sealJournal(knex, Date.now());
}

function posting(affiliateId: number): LedgerTransaction {
  const key = `bench:${newId()}`;
  const [kind, currency, amount] = ['earn', 'USD', 100] as const;
  return {
    ...{ key, kind, affiliateId, currency, amount, commissionId: null, withdrawalId: null, at: Date.now() },
    entries: [
      { affiliateId, account: 'expense', amount: -amount },
      { affiliateId, account: 'clearing', amount },
    ],
  };
}

function workIn(trx: Knex.Transaction): UnitOfWork {
  const now = Date.now();
  const by = { kind: 'host' } as const;
  const identityKey = 'a key of the benchmark';
  const event = { eventId: newId(), at: now, now, by, personal: {}, recorded: null };
  return { trx, settings, ...event, identityKey, newId, tell: () => undefined };
}

async function seconds(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return (performance.now() - started) / 1000;
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;

function report(alone: number, sealed: number, atOnce: number): void {
  console.log(`posting alone         ${Math.floor(alone)} transactions a second`);
  console.log(`posting while sealed  ${Math.floor(sealed)} transactions a second`);
  console.log(`ratio                 ${Math.floor((100 * sealed) / alone) / 100}`);
  console.log(`sealing alone         ${Math.floor(atOnce)} transactions a second`);
}
