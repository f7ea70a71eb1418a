/** `npm start`: reads the environment, opens the portal, and says where it is and who can sign in. */
import { createServer } from 'node:net';
import path from 'node:path';
import { createPortal, type Portal } from './app';
import { adjustableClock } from './clock';
import { isNew } from './database';
import { firstDay, makeHistory } from './history';
import { ACCOUNTS } from './history/plan';
import { STAFF } from './office/staff';
import { codeOf, Problem } from './problem';
import { loadSecrets } from './secrets';

interface Wanted {
  readonly port: number;
  readonly host: string;
  readonly database: string;
  readonly folder: string;
  readonly empty: boolean;
}

function readWishes(environment: NodeJS.ProcessEnv, options: readonly string[]): Wanted {
  const unknown = options.find((option) => option !== '--empty');
  if (unknown) throw new Problem(`There is no option ${unknown}; the only one is --empty.`);
  const { PORT = '8080', HOST = '127.0.0.1', DATA_DIR = 'data', DATABASE_URL } = environment;
  const port = Number(PORT);
  if (!/^\d{1,5}$/.test(PORT) || port > 65_535)
    throw new Problem(`PORT must be a number up to 65535, not '${PORT}'.`);
  const folder = path.resolve(DATA_DIR);
  const database = DATABASE_URL ?? `sqlite:${path.join(folder, 'portal.sqlite')}`;
  return { port, host: HOST, database, folder, empty: options.includes('--empty') };
}

/** Asks for the port before anything is made. @returns its number, also where 0 asked for any */
async function findPort(port: number, host: string): Promise<number> {
  const probe = createServer();
  return new Promise((resolve, reject) => {
    probe.once('error', (error) => reject(portProblem(error, port, host)));
    probe.listen(port, host, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}

function portProblem(error: Error, port: number, host: string): Error {
  const code = codeOf(error);
  if (code === 'EADDRINUSE')
    return new Problem(`Port ${port} on ${host} is in use. Choose another with PORT.`);
  return code ? new Problem(`Port ${port} on ${host} cannot be opened (${code}).`) : error;
}

async function start(): Promise<void> {
  const wanted = readWishes(process.env, process.argv.slice(2));
  const port = await findPort(wanted.port, wanted.host);
  const secrets = loadSecrets(wanted.folder, process.env['AFFILIATES_SECRET']);
  const clock = adjustableClock();
  const lacksHistory = !wanted.empty && (await isNew(wanted.database));
  // What is set up for a history belongs to its first day.
  if (lacksHistory) clock.set(firstDay());
  const portalUrl = `http://127.0.0.1:${port}`;
  const portal = await createPortal({ database: wanted.database, portalUrl, secrets, clock: clock.now });
  try {
    if (lacksHistory) await makeHistory(portal, clock);
    await portal.app.listen({ port, host: wanted.host });
    stopOnSignal(portal);
    await welcome(portal, portalUrl, lacksHistory);
  } catch (error) {
    await portal.close();
    throw error instanceof Error ? portProblem(error, port, wanted.host) : error;
  }
}

/** Before the ready line, because whoever reads it may stop the portal at once. */
function stopOnSignal(portal: Portal): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      portal.close().then(() => process.exit(0), fail);
    });
}

async function welcome({ office }: Portal, portalUrl: string, made: boolean): Promise<void> {
  const emails = ACCOUNTS.map(({ email }) => email);
  const known: { email: string }[] = await office
    .db('portal_clients')
    .whereIn('email', emails)
    .select('email');
  const clients = ACCOUNTS.filter(({ email }) => known.some((client) => client.email === email));
  const staff = STAFF.map(({ role, email, password }) => ({
    who: `staff, ${role}`,
    email,
    password,
    at: '/staff',
  }));
  const rows = [
    ...clients.map(({ who, email, password }) => ({ who, email, password, at: '/login' })),
    ...staff,
  ];
  const lines = rows.map(
    ({ who, email, password, at }) => `  ${who.padEnd(25)}${email.padEnd(25)}${password.padEnd(19)}${at}`,
  );
  if (made) process.stdout.write('A history of two years was made for you to look around in.\n');
  process.stdout.write(`\nSign in as\n${lines.join('\n')}\n\nNimbus Hosting is ready at ${portalUrl}\n`);
}

function fail(error: unknown): void {
  // Whoever starts the portal can act on a sentence; a stack is of use to nobody but its developers.
  const sentence = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `${error instanceof Problem ? sentence : `The portal could not start: ${sentence}`}\n`,
  );
  process.exit(1);
}

start().catch(fail);
