import { dirname, resolve } from 'node:path';
import { isAffiliatesError } from '../module/errors';
import { connectionProblem } from '../module/diagnosis/rules';
import { installDatabase, type InstallReport } from '../module/install';
import { readConfig } from './config';
import { writeNewFile } from './configFile';
import { describeProblem } from './doctor/sentences';
import { newSecret } from './secrets';
import { showingProgress, Unusable, whyNot } from './terminal';

export interface InstallOptions {
  readonly config?: string;
  readonly database?: string;
  readonly secrets?: true;
  /** The portal's address, for a configuration that is written now. */
  readonly portal?: string;
  readonly json?: true;
}

const FILE = 'affiliates.yaml';

/** `affiliates install`: makes what the service needs, and says what it made. @returns the exit code */
export async function installCommand(options: InstallOptions): Promise<0 | 2> {
  // A database that is a file holds what people trusted the portal with.
  process.umask(0o077);
  try {
    const file = options.config ?? (options.secrets && FILE);
    const isWritten = options.secrets === true && writeFirst(resolve(file ?? FILE), options);
    const database = options.database ?? addressIn(file);
    const report = await showingProgress((progress) => installDatabase(database, progress));
    const told = {
      config: file === undefined ? null : { file: resolve(file), written: isWritten },
      ...report,
    };
    const lines = options.json ? [JSON.stringify(told, null, 2)] : describe(told, options.secrets === true);
    process.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${whyNotInstalled(error)}\n`);
    return 2;
  }
}

function addressIn(file: string | undefined): string {
  if (file === undefined && !process.env['AFFILIATES_DATABASE'])
    throw new Unusable(
      'Which database? Give --database or --config; with --secrets a first configuration is written.',
    );
  return readConfig(file, process.env).database;
}

/** @returns whether it was written; one that is there already is left as it is */
function writeFirst(file: string, { database, portal }: InstallOptions): boolean {
  const address = database ?? process.env['AFFILIATES_DATABASE'];
  const where = address || `sqlite:${dirname(file)}/affiliates.sqlite`;
  return writeNewFile(file, firstConfiguration(where, portal));
}

const firstConfiguration = (database: string, portal: string | undefined) => `\
# The configuration of the affiliate program. It holds secrets: keep it to the user whom the service runs as.
# affiliates serve --help explains every key.

# 'mysql://user:password@host:port/name' or 'sqlite:/folder/file.sqlite'
database: ${JSON.stringify(database)}

# They sign referral cookies and forms. affiliates keys rotate puts a new one first.
secrets:
  - ${newSecret()}

# The portal signs its requests with the first: give it to the portal.
hostSecrets:
  - ${newSecret()}

# Where the service listens; put a web server with a certificate in front of it.
listen: 127.0.0.1:8700

# Settings of the program; what stands here wins over what the portal sends. The service must know portalUrl to start.
settings:${portal === undefined ? ' {} # such as { portalUrl: https://my.example.com }' : `\n  portalUrl: ${JSON.stringify(portal)}`}
`;

type Told = InstallReport & { readonly config: { readonly file: string; readonly written: boolean } | null };

function describe({ config, found, migrations }: Told, secrets: boolean): string[] {
  const lines: string[] = [];
  if (config?.written) lines.push(`Wrote ${config.file} with fresh secrets; only you can read it.`);
  else if (config && secrets) lines.push(`${config.file} is there already, and was left as it is.`);
  if (migrations.length === 0) lines.push('The tables are up to date: nothing was changed.');
  else if (found === 'none') lines.push(`Made the tables, in ${migrations.length} steps.`);
  else lines.push(`Upgraded the tables: ${migrations.join(', ')}.`);
  const words = config ? ` --config ${config.file}` : '';
  lines.push(`Next: affiliates serve${words}`);
  return lines;
}

function whyNotInstalled(error: unknown): string {
  if (!isAffiliatesError(error, 'database_unusable')) return whyNot(error);
  const problem = connectionProblem(error.parameters.reason);
  if (problem.code === 'database_unreadable') return whyNot(error);
  const { wrong, advice } = describeProblem(problem);
  return `${wrong} ${advice}`;
}
