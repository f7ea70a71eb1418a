#!/usr/bin/env node
/**
 * The command `affiliates`. It ends with 0 when all is well, with 1 when it found something, and with 2 when it could
 * not look: a wrong call, or a database that cannot be read.
 */
import { Argument, Command, CommanderError, Option } from 'commander';
import { FILE_VARIABLE } from './config';
import { conformanceCommand, type ConformanceOptions } from './conformance/conformance';
import { doctorCommand, type DoctorOptions } from './doctor/doctor';
import { installCommand, type InstallOptions } from './install';
import { KEY_LISTS, keysListCommand, keysRotateCommand, type KeyList, type RotateOptions } from './keys';
import { importCommand, type ImportOptions } from './import';
import { proveCommand, type ProveOptions } from './prove';
import { reconcileCommand, type ReconcileCommandOptions } from './reconcile/reconcile';
import { replayCommand, type ReplayOptions } from './replay';
import { rebuildCommand, type RebuildOptions } from './rebuild';
import { serveCommand, serveHelp, type ServeOptions } from './serve';
import { simulateCommand, type SimulateOptions } from './simulate';

const ADDRESS = [
  '--database <url>',
  "'mysql://user:password@host:port/name' or 'sqlite:/folder/file.sqlite'",
] as const;
const DATABASE = new Option(...ADDRESS).env('DATABASE_URL');

const SETTINGS = new Option(
  '--settings <file>',
  'without a configuration: the settings that the program runs with, in YAML or JSON; its defaults unless given',
);

/** What the service runs with; a command that looks at a service reads the same, by `readConfig`. */
const CONFIG = new Option('--config <file>', 'the configuration, in YAML or JSON').env(FILE_VARIABLE);

const exampleOf = (words: string) => `\nExample:\n  affiliates ${words}\n`;

/** An example, and what the exit code means. @param found what ends the command with 1; without it nothing does */
const helpOf = (words: string, found?: string) =>
  [
    `${exampleOf(words)}\nEnds with`,
    '  0  when all is well',
    ...(found === undefined ? [] : [`  1  when ${found}`]),
    '  2  when it was called wrongly, or could not do its work\n',
  ].join('\n');

/** To add a command: a file beside this one whose function returns the exit code, and its words and options here. */
const program = new Command('affiliates').description('Looks after an affiliate program.').exitOverride();

program
  .command('prove')
  .description('Checks every invariant of a live database, and changes nothing.')
  .addOption(CONFIG)
  .addOption(DATABASE)
  .option('--json', 'print the report as JSON')
  .addHelpText('after', helpOf('prove --config /etc/affiliates.yaml', 'an invariant does not hold'))
  .action(async (options: ProveOptions) => {
    process.exitCode = await proveCommand(options);
  });

program
  .command('rebuild')
  .description('Replays the accepted events into an empty database, and changes nothing in yours.')
  .requiredOption('--check', 'compare all that the replay made with what is kept')
  .addOption(CONFIG)
  .addOption(DATABASE)
  .addOption(SETTINGS)
  .option('--json', 'print the report as JSON')
  .addHelpText(
    'after',
    helpOf('rebuild --check --config /etc/affiliates.yaml', 'the replay made something else than is kept'),
  )
  .action(async (options: RebuildOptions) => {
    process.exitCode = await rebuildCommand(options);
  });

program
  .command('simulate')
  .description('Says what everybody would have earned under other terms, and changes nothing.')
  .requiredOption(
    '--terms <file>',
    'the terms, in YAML: a list with scope, key, rate, recurring, clearingDays',
  )
  .requiredOption('--since <day>', 'from when on they hold, such as 2026-01-01')
  .addOption(CONFIG)
  .addOption(DATABASE)
  .addOption(SETTINGS)
  .option('--json', 'print the result as JSON, amounts in minor units')
  .addHelpText(
    'after',
    helpOf('simulate --terms terms.yaml --since 2026-01-01 --config /etc/affiliates.yaml'),
  )
  .action(async (options: SimulateOptions) => {
    process.exitCode = await simulateCommand(options);
  });

program
  .command('install')
  .description('Makes or upgrades the tables, and with --secrets a first configuration. Safe to run again.')
  .addOption(CONFIG)
  .addOption(DATABASE)
  .option('--portal <url>', 'with --secrets: the address of the portal, which the service must know')
  .option('--secrets', 'write a configuration with fresh secrets, unless there is one (affiliates.yaml)')
  .option('--json', 'print what was done as JSON')
  .addHelpText(
    'after',
    helpOf('install --secrets --portal https://my.example.com --config /etc/affiliates.yaml'),
  )
  .action(async (options: InstallOptions) => {
    process.exitCode = await installCommand(options);
  });

program
  .command('doctor')
  .description('Says what is wrong with this set-up and what to do about it, and changes nothing.')
  .addOption(CONFIG)
  .addOption(DATABASE)
  .option('--before-serving', 'the service is not started yet: look whether its port is free')
  .option('--whmcs <url>', 'WHMCS’s database: look whether its built-in affiliate program is off')
  .option('--offline', 'ask neither the portal nor the service')
  .option('--json', 'print what was found as JSON')
  .addHelpText('after', helpOf('doctor --config /etc/affiliates.yaml', 'something is wrong'))
  .action(async (options: DoctorOptions) => {
    process.exitCode = await doctorCommand(options);
  });

program
  .command('reconcile')
  .description(
    'Compares what the host lists of some days with what was accepted of it; --apply hands in what is missing.',
  )
  .addOption(CONFIG)
  .addOption(DATABASE)
  .requiredOption('--from <day>', 'the first day, such as 2026-01-01, in the program’s time zone')
  .requiredOption('--to <day>', 'the last day')
  .option('--file <file>', 'the list: NDJSON, a {"hook", "payload"} to a line')
  .option('--host-url <url>', 'where the host gives the list, asked with signed GETs, page by page')
  .option('--apply', 'hand in what is missing, through the same hooks')
  .option('--json', 'print what was found as JSON')
  .addHelpText(
    'after',
    helpOf(
      'reconcile --from 2026-01-01 --to 2026-01-31 --host-url https://my.example.com/reconcile.php',
      'something is missing still, or is for people to look at',
    ),
  )
  .action(async (options: ReconcileCommandOptions) => {
    process.exitCode = await reconcileCommand(options);
  });

program
  .command('replay')
  .description('Tries events again that wait or were set aside; without --apply it says which.')
  .addOption(CONFIG)
  .addOption(DATABASE)
  .option('--waiting', 'those that wait')
  .option('--set-aside', 'those that were set aside: what they said is accepted once more')
  .option('--event <id...>', 'by id, as the staff page of events in trouble shows it')
  .option('--type <type>', 'only those of a type, such as invoice.paid')
  .option('--since <day>', 'only those accepted on that day or later')
  .option('--until <day>', 'only those accepted on that day or before')
  .option('--apply', 'try them')
  .option('--json', 'print each with its result as JSON')
  .addHelpText(
    'after',
    helpOf('replay --waiting --apply --config /etc/affiliates.yaml', 'some have no effect yet'),
  )
  .action(async (options: ReplayOptions) => {
    process.exitCode = await replayCommand(options);
  });

const keys = program
  .command('keys')
  .description('Looks after the secrets that sign, and changes them.')
  .addHelpText('after', exampleOf('keys list --config /etc/affiliates.yaml'));

keys
  .command('list')
  .description('Says by their fingerprints which secrets there are, and which of them signs.')
  .addOption(CONFIG)
  .option('--json', 'print them as JSON')
  .addHelpText('after', helpOf('keys list --config /etc/affiliates.yaml'))
  .action((options: RotateOptions) => {
    process.exitCode = keysListCommand(options);
  });

keys
  .command('rotate')
  .description('Puts a fresh secret first in the configuration; those before it go on verifying.')
  .addArgument(
    new Argument('<list>', 'which: they sign cookies and forms, or the portal’s requests').choices(
      Object.keys(KEY_LISTS),
    ),
  )
  .addOption(CONFIG)
  .option('--drop-old', 'make none, and drop all but the first')
  .option('--json', 'print what was changed as JSON, by fingerprints')
  .addHelpText('after', helpOf('keys rotate hostSecrets --config /etc/affiliates.yaml'))
  .action((list: KeyList, options: RotateOptions) => {
    process.exitCode = keysRotateCommand(list, options);
  });

program
  .command('serve')
  .description('Runs the program as a service: signed HTTP for a portal in any language.')
  .addOption(CONFIG)
  .addHelpText('after', () => helpOf('serve --config /etc/affiliates.yaml') + serveHelp())
  .action(async (options: ServeOptions) => {
    process.exitCode = await serveCommand(options);
  });

program
  .command('import')
  .description("Brings over what WHMCS's built-in affiliates hold. Without --apply it says what it would do.")
  .addOption(
    new Option(
      '--from <url>',
      "WHMCS's own database, 'mysql://user:password@host:port/name', which is only read",
    ).env('WHMCS_DATABASE_URL'),
  )
  .option('--file <file>', 'or an export of it, in JSON')
  .addOption(CONFIG)
  .addOption(DATABASE)
  .option('--settings <file>', 'without a configuration: the settings that the program runs with')
  .option(
    '--off-since <time>',
    'when the built-in program was switched off, such as 2026-03-01T14:30: what was paid since earns here',
  )
  .option('--apply', 'bring it over; without it nothing is written')
  .option('--json', 'print the report as JSON, amounts in minor units')
  .addHelpText(
    'after',
    helpOf(
      'import --file export.json --config /etc/affiliates.yaml',
      'an affiliate does not come over, or the two sides do not agree',
    ),
  )
  .action(async (options: ImportOptions) => {
    process.exitCode = await importCommand(options);
  });

program
  .command('conformance')
  .description(
    'Tries a portal with what portals get wrong, against a program of its own that is gone afterwards.',
  )
  .requiredOption(
    '--url <url>',
    'where the portal takes the steps that the repository’s docs/conformance.md describes',
  )
  .addOption(
    new Option('--secret <secret>', 'what the portal signs with, and is asked with')
      .env('HOST_SECRET')
      .makeOptionMandatory(),
  )
  .option('--listen <address>', 'where the portal sends to meanwhile', '127.0.0.1:8701')
  .option('--currency <code>', 'the currency that the portal bills in', 'USD')
  .option('--case <name...>', 'only these')
  .option('--json', 'print what came of each case as JSON')
  .addHelpText(
    'after',
    helpOf(
      'conformance --url http://127.0.0.1:8080/conformance --secret "$HOST_SECRET"',
      'something came out wrong',
    ),
  )
  .action(async (options: ConformanceOptions) => {
    process.exitCode = await conformanceCommand(options);
  });

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof CommanderError)) throw error;
  // It has told what is wrong already, and counts a wrong call as 1.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
});
