/** The SQL by which a set-up is looked at. It reads; what tries to write changes no row. */
import type { Knex } from 'knex';

const KEYS = 'mod_affiliates_keys';
const EVENTS = 'mod_affiliates_events';
const FAILURES = 'mod_affiliates_event_failures';
const COMMANDS = 'mod_affiliates_commands';
const SETTINGS = 'mod_affiliates_host_settings';

/** Asks for every right to write that the program needs, on a table that everything needs. @throws where one is missing */
export async function tryToWrite(knex: Knex): Promise<void> {
  await knex.raw('INSERT INTO ?? SELECT * FROM ?? WHERE 1 = 0', [KEYS, KEYS]);
  await knex.raw('UPDATE ?? SET name = name WHERE 1 = 0', [KEYS]);
  await knex.raw('DELETE FROM ?? WHERE 1 = 0', [KEYS]);
}

export interface OddTable {
  readonly name: string;
  readonly engine: string;
  readonly collation: string;
}

/** @returns our tables of MySQL's that cannot roll back, or cannot hold every character or tell capitals */
export async function oddTables(mysql: Knex): Promise<OddTable[]> {
  const [rows = []] = await mysql.raw<[OddTable[]?]>(
    `SELECT table_name AS name, engine AS engine, table_collation AS collation
     FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_name LIKE 'mod\\_affiliates\\_%'
       AND table_name NOT LIKE '%\\_migrations%'
       AND (engine <> 'InnoDB' OR table_collation <> 'utf8mb4_bin')
     ORDER BY table_name`,
  );
  return rows;
}

/** @returns the time of MySQL's clock; ms, UTC */
export async function clockOf(mysql: Knex): Promise<number> {
  const [[row]] = (await mysql.raw('SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS UNSIGNED) AS now')) as [
    [{ now: number | string }],
  ];
  return Number(row.now);
}

export async function hasKey(knex: Knex): Promise<boolean> {
  return (await knex(KEYS).first('name')) !== undefined;
}

/** @returns the first event of all, which the installation makes, and whether the host ever reported one or sent its settings */
export async function firstEvents(knex: Knex): Promise<{ first: string | null; hostSpoke: boolean }> {
  const first: { id: string } | undefined = await knex(EVENTS).orderBy('id').first('id');
  const host: { id: string } | undefined = await knex(EVENTS).where({ source: 'host' }).first('id');
  const sent: { version: number } | undefined = await knex(SETTINGS).first('version');
  return { first: first?.id ?? null, hostSpoke: host !== undefined || sent !== undefined };
}

/** What waits since before a time, the oldest of it, and what is said of it. */
export interface Waiting {
  readonly count: number;
  /** ms, UTC */
  readonly oldest: number;
}

export async function eventsWaiting(
  knex: Knex,
  before: number,
): Promise<(Waiting & { code: string }) | null> {
  const waiting = () =>
    knex({ f: FAILURES }).join({ e: EVENTS }, 'e.id', 'f.event_id').where('e.received_at', '<', before);
  const oldest: { at: number; code: string } | undefined = await waiting()
    .orderBy('e.id')
    .first({ at: 'e.received_at', code: 'f.code' });
  if (!oldest) return null;
  return { count: await countOf(waiting()), oldest: oldest.at, code: oldest.code };
}

/** Of what only the host can do. */
export async function commandsWaiting(
  knex: Knex,
  before: number,
): Promise<(Waiting & { attempts: number }) | null> {
  const waiting = () =>
    knex(COMMANDS)
      .where({ status: 'waiting' })
      .andWhere('created_at', '<', before)
      .andWhereNot({ kind: 'announce' });
  const row = (await waiting().min({ oldest: 'created_at' }).max({ attempts: 'attempts' }).first()) as
    { oldest: number | null; attempts: number | null } | undefined;
  if (!row || row.oldest === null) return null;
  return { count: await countOf(waiting()), oldest: row.oldest, attempts: row.attempts ?? 0 };
}

async function countOf(query: Knex.QueryBuilder): Promise<number> {
  const row = (await query.count({ count: '*' }).first()) as { count: number | string };
  return Number(row.count);
}
