#!/usr/bin/env node
/**
 * The command `affiliates`. It ends with 0 when all is well, with 1 when it found something, and with 2 when it could
 * not look: a wrong call, or a database that cannot be read.
 */
import { Command, CommanderError, Option } from 'commander';
import { proveCommand, type ProveOptions } from './prove';

const DATABASE = new Option(
  '--database <url>',
  "'mysql://user:password@host:port/name' or 'sqlite:/folder/file.sqlite'",
)
  .env('DATABASE_URL')
  .makeOptionMandatory();

const program = new Command('affiliates').description('Looks after an affiliate program.').exitOverride();

program
  .command('prove')
  .description('Checks every invariant of a live database, and changes nothing.')
  .addOption(DATABASE)
  .option('--json', 'print the report as JSON')
  .action(async (options: ProveOptions) => {
    process.exitCode = await proveCommand(options);
  });

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof CommanderError)) throw error;
  // It has told what is wrong already, and counts a wrong call as 1.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
});
