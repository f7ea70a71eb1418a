/** What the doctor says: what is wrong, and what to do about it. Nothing that is secret is among the parameters. */
import type { DatabaseProblem, DatabaseProblems } from '../../module/diagnosis/rules';
import type { RefusalCode } from '../refusals';

/** What can be wrong beside the database. */
interface SetupProblems {
  configuration: { sentence: string };
  configuration_readable: { file: string; mode: string };
  secret_weak: { list: string; place: number };
  secret_twice: { list: string; place: number };
  secret_shared: Record<never, never>;
  portal_plain: { url: string };
  portal_unreachable: { url: string; reason: string };
  portal_answers: { url: string; status: number };
  portal_elsewhere: { url: string; to: string };
  portal_clock: { url: string; seconds: number };
  service_down: { address: string; reason: string };
  service_unready: { address: string; status: number };
  port_taken: { address: string };
  /** `minutes` since the last of them; `route` is where that was. */
  requests_refused: { reason: RefusalCode; count: number; route: string; minutes: number };
  node_old: { version: string; needed: string };
  time_zone_missing: { zone: string };
  builtin_program_on: Record<never, never>;
}

export type Problem =
  | DatabaseProblem
  | {
      [C in keyof SetupProblems]: { readonly code: C; readonly parameters: SetupProblems[C] };
    }[keyof SetupProblems];

/** What is wrong, and what to do about it. */
type Sentences = readonly [wrong: string, advice: string];

const hours = (count: number) => (count === 1 ? 'an hour' : `${count} hours`);
const ago = (minutes: number) => {
  if (minutes < 1) return 'just now';
  return minutes === 1 ? 'a minute ago' : `${minutes} minutes ago`;
};
const apart = (seconds: number) =>
  `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} this machine’s`;

const DATABASE: { readonly [C in keyof DatabaseProblems]: (told: DatabaseProblems[C]) => Sentences } = {
  database_address: () => [
    'The address of the database is of no kind that is known.',
    'Write database as mysql://user:password@host:port/name or sqlite:/folder/file.sqlite; percent-encode @ : / in a password.',
  ],
  database_unreachable: ({ code }) => [
    `Nothing answers at the database’s address (${code}).`,
    'Start the database server, or correct host and port; if it runs elsewhere, let it listen there and let the firewall pass.',
  ],
  database_password: () => [
    'The database refuses the user or the password.',
    'Correct both in database, percent-encoding @ : / in the password, or create the user for the machine that this connects from.',
  ],
  database_forbidden: () => [
    'The user may not use this database.',
    'Grant it: GRANT ALL ON name.* TO user. For SQLite give the file and its folder to the user of the service, and call the doctor as that user.',
  ],
  database_missing: () => [
    'The database does not exist.',
    'For SQLite make its folder and run affiliates install; on MySQL or MariaDB create it first: CREATE DATABASE name CHARACTER SET utf8mb4.',
  ],
  database_unreadable: ({ code }) => [
    `The database cannot be read: ${code}.`,
    'Look the code up in the manual of your database, and mend what it names.',
  ],
  tables_missing: () => [
    'The database holds no affiliate program.',
    'Run affiliates install; if there was one, this is another database than it was in.',
  ],
  tables_older: () => [
    'The tables are of an older version than this.',
    'Run affiliates install, which upgrades them, after a backup.',
  ],
  tables_newer: () => [
    'The tables are of a newer version than this, which does not know what they hold.',
    'Install the version that made them; going back is possible with a backup from before alone.',
  ],
  install_unfinished: () => [
    'The tables are there, and the program’s own key is not: an installation broke off.',
    'Run affiliates install again. If the program ran here before, restore a backup instead: what was hashed needs the old key.',
  ],
  database_readonly: ({ code }) => [
    `The database can be read, and not be written to (${code}).`,
    'Grant the user SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER and INDEX; if it is a replica, name its primary; for SQLite make the file and its folder writable.',
  ],
  durability_weak: ({ setting }) => [
    `A power cut may lose events that the host was told are kept: ${setting}.`,
    'Set innodb_flush_log_at_trx_commit = 1 in the database server’s configuration.',
  ],
  table_characters: ({ table, collation }) => [
    `The table ${table} has the collation ${collation}: it cannot hold every name, or takes two ids for one.`,
    `Run: ALTER TABLE ${table} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; after a backup.`,
  ],
  table_engine: ({ table, engine }) => [
    `The table ${table} is kept by ${engine}, which cannot undo what half succeeded.`,
    `Run: ALTER TABLE ${table} ENGINE = InnoDB; after a backup, then affiliates prove.`,
  ],
  database_clock: ({ seconds }) => [
    `The database’s clock is ${apart(seconds)}.`,
    'Let both follow a time server (chrony, systemd-timesyncd): which of the two is wrong, a third clock says.',
  ],
  host_silent: () => [
    'The portal has reported no client, payment or ticket yet, nor sent its settings.',
    'Before anybody signed up or paid that is as it should be. Otherwise check that its module is active, that the address of this service and the first of hostSecrets are entered there, and that its requests get through.',
  ],
  nightly_late: ({ hours: count, ever }) => [
    ever
      ? `The nightly order has not come to its end for ${hours(count)}: nothing clears, nothing is tried again.`
      : `The nightly order has never come to its end, ${hours(count)} after the installation.`,
    'Check that the portal’s daily cron runs and reports DailyCronJob; if it does, look for “a step of the nightly order failed” in the log.',
  ],
  proof_failed: ({ check, table, row }) => [
    `The last proof found a row that breaks an invariant (${check}): ${row} in ${table}.`,
    'Run affiliates prove, pay nobody out until it is understood, and read docs/ledger.md on what it means.',
  ],
  events_waiting: ({ count, hours: since, code }) => [
    `${count === 1 ? 'An event has' : `${count} events have`} waited for up to ${hours(since)} (${code}).`,
    code === 'merge_waits_for_payout'
      ? 'A payout is under way: acknowledge its command, or answer it as refused.'
      : 'Look for “event could not be processed” in the log, mend the cause, then run affiliates replay --waiting --apply.',
  ],
  commands_waiting: ({ count, hours: since, attempts }) => [
    `${count === 1 ? 'A command has' : `${count} commands have`} waited for up to ${hours(since)}, ` +
      (attempts === 0 ? 'and nobody fetched any.' : `and failed up to ${attempts} times.`),
    attempts === 0
      ? 'Let the portal fetch GET /commands from its cron, and acknowledge what it did.'
      : 'Look into the portal’s log for why it could not do what it was asked.',
  ],
};

/** Why requests were refused, by the code of the refusal. */
const REFUSED: { readonly [C in RefusalCode]: Sentences } = {
  token_missing: [
    'no token came along.',
    'If they were the portal’s, a proxy on the way takes the header Authorization away: let it pass it on. If they were not, let the portal’s addresses alone through (deploy/nginx.conf).',
  ],
  token_invalid: [
    'the signature is of none of hostSecrets.',
    'The secrets differ: enter the first of hostSecrets in the portal once more, whole, and restart the service if its configuration was changed meanwhile. affiliates keys list shows fingerprints to compare.',
  ],
  token_expired: [
    'the token’s time was over.',
    'The portal’s clock is behind this machine’s: let both follow a time server (chrony, systemd-timesyncd). A portal of your own makes a token for each attempt.',
  ],
  token_not_yet: [
    'the token is of the future.',
    'The portal’s clock is ahead of this machine’s: let both follow a time server (chrony, systemd-timesyncd).',
  ],
  token_mismatch: [
    'what came is not what was signed.',
    'A proxy on the way rewrites paths, queries or bodies: let it pass them on as they are. A portal of your own signs the path with its query as it is sent, and the very bytes (docs/wire.md).',
  ],
  token_replayed: [
    'the token had been used before.',
    'A proxy sends requests twice: turn that off (nginx: proxy_next_upstream off). A portal of your own makes a token for each attempt.',
  ],
};

const SETUP: { readonly [C in keyof SetupProblems]: (told: SetupProblems[C]) => Sentences } = {
  configuration: ({ sentence }) => [
    `The configuration cannot be used: ${sentence}`,
    'Correct it; affiliates serve --help lists every key, and what else is wrong shows when this is mended.',
  ],
  configuration_readable: ({ file, mode }) => [
    `Everybody on this machine can read or change ${file} (mode ${mode}), which holds secrets.`,
    `Run: chmod 600 ${file}, give it to the user of the service, then rotate both lists (affiliates keys rotate), since the old ones may be known.`,
  ],
  secret_weak: ({ list, place }) => [
    `Number ${place} of ${list} can be guessed.`,
    `Run affiliates keys rotate ${list}, which makes a random one, and later once more with --drop-old.`,
  ],
  secret_twice: ({ list, place }) => [
    `Number ${place} of ${list} is there twice, so that dropping one of them would drop nothing.`,
    'Remove one of the two.',
  ],
  secret_shared: () => [
    'The same secret is in secrets and in hostSecrets: whoever holds the portal’s could forge referral cookies.',
    'Run affiliates keys rotate secrets, and later once more with --drop-old.',
  ],
  portal_plain: ({ url }) => [
    `portalUrl is ${url}: cookies of referrals travel where anybody can read them.`,
    'Let the portal have a certificate, and write its address with https.',
  ],
  portal_unreachable: ({ url, reason }) => [
    `The portal does not answer at ${url} (${reason}).`,
    'Open the address in a browser, and correct portalUrl if it is another one.',
  ],
  portal_answers: ({ url, status }) => [
    `The portal answers ${url} with ${status}: referral links would lead there.`,
    'Correct portalUrl: it is the address at which visitors find the portal.',
  ],
  portal_elsewhere: ({ url, to }) => [
    `${url} sends visitors on to ${to}, where cookies of referrals are not sent.`,
    'Write the address into portalUrl at which visitors stay.',
  ],
  portal_clock: ({ url, seconds }) => [
    `The clock of ${url} is ${apart(seconds)}: beyond 60 s its requests are refused.`,
    'Let both machines follow a time server (chrony, systemd-timesyncd).',
  ],
  service_down: ({ address, reason }) => [
    `The service does not answer at ${address} (${reason}).`,
    'Start it: affiliates serve, with the same configuration. Before its first start, call the doctor with --before-serving.',
  ],
  service_unready: ({ address, status }) => [
    `The service at ${address} lives, and is not ready (${status}).`,
    'Restart it once everything else here is mended.',
  ],
  port_taken: ({ address }) => [
    `Something else listens on ${address}.`,
    'Stop it, or write another port into listen, also where the portal and the proxy name it.',
  ],
  requests_refused: ({ reason, count, route, minutes }) => [
    (count === 1
      ? `A request was refused ${ago(minutes)} at ${route}`
      : `${count} requests were refused, the last ${ago(minutes)} at ${route}`) +
      `, and none was taken there since: ${REFUSED[reason][0]}`,
    REFUSED[reason][1],
  ],
  node_old: ({ version, needed }) => [
    `This is Node ${version}, and the program needs ${needed} or later.`,
    'Install a newer Node; 24 is recommended.',
  ],
  time_zone_missing: ({ zone }) => [
    `This Node does not know the time zone ${zone} well: days would begin at the wrong hour.`,
    'Use a Node with full ICU data (every build of nodejs.org), and unset NODE_ICU_DATA.',
  ],
  builtin_program_on: () => [
    'The built-in affiliate program of WHMCS is on as well: both would pay for the same sales.',
    'Switch it off in WHMCS’s General Settings, under Affiliates, then bring over what it holds (affiliates import --apply).',
  ],
};

const ALL = { ...DATABASE, ...SETUP };

/** @returns what is wrong and what to do, a sentence or two each */
export function describeProblem({ code, parameters }: Problem): { wrong: string; advice: string } {
  // The table pairs each code with its parameters; TypeScript cannot see that the two belong together.
  const [wrong, advice] = (ALL[code] as (told: unknown) => Sentences)(parameters);
  return { wrong, advice };
}
