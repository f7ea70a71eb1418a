/** `npm start`, as somebody runs it who has just cloned the repository. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { scratchFolder } from './support/scratch';

const ROOT = join(__dirname, '..');
const START_LIMIT_MS = 60_000;

interface Started {
  readonly process: ChildProcess;
  /** What it has written so far. */
  readonly output: { out: string; err: string };
  readonly ended: Promise<number | null>;
}

describe('npm start', () => {
  let folder = '';
  const running: Started[] = [];

  beforeEach(() => {
    folder = scratchFolder('affiliates-start');
  });
  afterEach(async () => {
    for (const { process: child } of running) child.kill('SIGTERM');
    await Promise.all(running.splice(0).map(({ ended }) => ended));
    rmSync(folder, { recursive: true, force: true });
  });

  function start(environment: Record<string, string>, ...options: string[]): Started {
    const child = spawn(process.execPath, ['--import', 'tsx', 'portal/main.ts', ...options], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'] ?? '', PORT: '0', DATA_DIR: folder, ...environment },
    });
    const output = { out: '', err: '' };
    child.stdout.on('data', (text: Buffer) => (output.out += text.toString()));
    child.stderr.on('data', (text: Buffer) => (output.err += text.toString()));
    const ended = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null);
    const started = { process: child, output, ended };
    running.push(started);
    return started;
  }

  /** @returns the address on the ready line */
  async function ready({ process: child, output, ended }: Started): Promise<string> {
    for (;;) {
      const address = /ready at (http:\/\/127\.0\.0\.1:\d+)\n/.exec(output.out)?.[1];
      if (address) return address;
      const more = child.stdout ? once(child.stdout, 'data') : ended;
      const ending = await Promise.race([more.then(() => 'more'), ended.then(() => 'ended')]);
      if (ending === 'ended') throw new Error(`The portal ended:\n${output.err}`);
    }
  }

  it(
    'makes a history, prints who can sign in, and keeps the data for the next start',
    async () => {
      const first = start({});
      const address = await ready(first);
      expect(first.output.out).toMatch(/affiliate@example\.com +nimbus-affiliate/);
      expect(first.output.out).toMatch(/client@example\.com +nimbus-client/);
      expect(first.output.out).toMatch(/admin@nimbus\.example +nimbus-admin/);
      expect(await (await fetch(address)).text()).toContain('Hosting that stays up');
      expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
      first.process.kill('SIGTERM');
      expect(await first.ended).toBe(0);
      const second = start({});
      await ready(second);
      expect(second.output.out).not.toContain('A history of');
      expect(second.output.out).toMatch(/affiliate@example\.com/);
      expect(second.output.err).toBe('');
    },
    2 * START_LIMIT_MS,
  );

  it(
    'starts without clients when asked to',
    async () => {
      const empty = start({}, '--empty');
      await ready(empty);
      expect(empty.output.out).not.toContain('affiliate@example.com');
      expect(empty.output.out).toContain('support@nimbus.example');
    },
    START_LIMIT_MS,
  );

  async function expectSentence(started: Started, sentence: RegExp): Promise<void> {
    expect(await started.ended).toBe(1);
    expect(started.output.err.trim()).toMatch(sentence);
    expect(started.output.err.trim()).not.toContain('\n');
    expect(started.output.out).toBe('');
  }

  it('says that the port is in use', async () => {
    const occupant: Server = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const address = occupant.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    await expectSentence(start({ PORT: port }), new RegExp(`^Port ${port} .* in use\\. .*PORT\\.$`));
    occupant.close();
  });

  it('says that the data folder cannot be used', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expectSentence(
      start({ DATA_DIR: join(file, 'data') }),
      /^The data folder .* cannot be used .*DATA_DIR\.$/,
    );
  });

  it.each([
    [{ DATABASE_URL: 'postgres://localhost/db' }, /^DATABASE_URL must look like mysql:.* or sqlite:.*\.$/],
    [
      { DATABASE_URL: 'mysql://me:hidden@127.0.0.1:1/db' },
      /^The database db at 127\.0\.0\.1:1 cannot be used \(ECONNREFUSED\)\.$/,
    ],
    [{ PORT: 'eighty' }, /^PORT must be a number up to 65535, not 'eighty'\.$/],
    [{ AFFILIATES_SECRET: 'short' }, /^AFFILIATES_SECRET must have at least 32 characters\.$/],
  ])('says what is wrong with %j', async (environment, sentence) => {
    await expectSentence(start(environment), sentence);
  });

  it('says that an option is not known', async () => {
    await expectSentence(start({}, '--full'), /^There is no option --full; the only one is --empty\.$/);
  });
});
