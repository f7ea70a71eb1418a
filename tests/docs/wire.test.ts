/** The page about the wire: every example is sent to a real service, and every way of signing really signs. */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { FACT_SCHEMAS } from '../../hooks';
import { WIRE_ERROR_CODES } from '../../server/errors';
import { fact, HOST_SECRET, startService, type TestService } from '../server/given';
import { settableClock } from '../support/clock';
import { describeOnSqlite } from '../support/databases';
import { schemasIn, type Description } from '../support/openapi';
import { CURL, describeWith, findBinary, PHP, PYTHON, type Program } from '../support/programs';
import { scratchFolder } from '../support/scratch';
import { eventsIn, PAGE, ROOT } from './wirePage';

/** The events on the page, in its order: together they are a history that makes sense. */
const EXAMPLES = eventsIn(PAGE);

const SIGNERS: readonly (readonly [Program, string, readonly string[]])[] = [
  [PHP, 'sign.php', ['php']],
  [PYTHON, 'sign.py', ['python3']],
  [CURL, 'sign.sh', ['sh']],
];

/** Secrets that a signer could get wrong: what is not printed as it is, and what HMAC does not take as it is. */
const SECRETS = [HOST_SECRET, 'Zoë’s 100 % \\n "secret" `with` $1', 'x'.repeat(64), 'long é % \\'.repeat(20)];

/** Has a program sign a body and ask. @param path where it finds others @returns all that it says */
async function signedBy(
  [program = '', ...words]: readonly string[],
  { address }: TestService,
  body: string,
  { secret = HOST_SECRET, path = process.env['PATH'] ?? '' } = {},
): Promise<string> {
  const env = { PATH: path, HOME: process.env['HOME'], SERVICE: address, HOST_SECRET: secret };
  const child = spawn(program, words, { cwd: ROOT, env, timeout: 20_000 });
  child.stdin.end(body);
  const [out, problems] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return out + problems;
}

/** A PATH on which programs are found that note how they are called before they do as ever. */
function notingPath(programs: readonly string[]): { path: string; called: () => string } {
  const folder = scratchFolder('affiliates-noted');
  folders.push(folder);
  const calls = join(folder, 'calls');
  for (const program of programs) {
    const real = findBinary([program]) ?? '';
    const script = `#!/bin/sh\nprintf '%s\\n' "${program} $*" >>'${calls}'\nexec '${real}' "$@"\n`;
    writeFileSync(join(folder, program), script, { mode: 0o700 });
  }
  return {
    path: [folder, process.env['PATH']].join(delimiter),
    called: () => readFileSync(calls, 'utf8'),
  };
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Tokens are made by the machine's clock, so the service goes by it as well. */
const presentClock = () => settableClock(new Date().toISOString());
const PROCESSED = '{"answer":{"accepted":true,"status":"processed","retry":false}}';

describeOnSqlite('docs/wire.md', (database) => {
  it('has an example of every hook that tells of something, which a service takes', async () => {
    const { ask } = await startService(await database.clean());
    const hooks = EXAMPLES.map(({ hook }) => hook);
    expect([...hooks].sort()).toEqual([...Object.keys(FACT_SCHEMAS), 'DailyCronJob'].sort());
    const { json: document } = await ask('GET', '/openapi.json', undefined, { authorization: null });
    const request = { method: 'POST', path: '/events', body: { events: EXAMPLES } };
    expect(schemasIn(document as Description).problemsOfRequest(request)).toEqual([]);
    const { json } = await ask('POST', '/events', request.body);
    expect(json['answers']).toEqual(hooks.map(() => ({ accepted: true, status: 'processed', retry: false })));
  });

  it.each(WIRE_ERROR_CODES)('says what helps against %s', (code) => {
    expect(PAGE).toMatch(new RegExp(`\\| \`${code}\` +\\| +[45]\\d\\d +\\|`));
  });

  it.each(SIGNERS.map(([, file]) => file))('shows %s as it stands in its file', (file) => {
    expect(PAGE).toContain(readFileSync(join(ROOT, 'docs/examples', file), 'utf8').trim());
  });

  for (const [program, file, command] of SIGNERS) {
    describeWith(program, `signs in ${file}`, () => {
      it.each(SECRETS)('so that the service takes it, and not with another secret: %s', async (secret) => {
        const clock = presentClock();
        const service = await startService(await database.clean(), { hostSecrets: [secret] }, clock);
        const body = JSON.stringify(fact(clock, 'ClientClose', { userid: 'Zoë/77' }));
        const words = [...command, `docs/examples/${file}`];
        const said = await signedBy(words, service, body, { secret });
        expect(said).toContain('200');
        expect(said).toContain(PROCESSED);
        const refused = await signedBy(words, service, body, { secret: `${secret}.` });
        expect(refused).toContain('401');
        expect(refused).toContain('"code":"token_invalid"');
      });
    });
  }

  describeWith(CURL, 'keeps from command lines', () => {
    it('the secret and the token, in a shell', async () => {
      const clock = presentClock();
      const service = await startService(await database.clean(), {}, clock);
      const { path, called } = notingPath(['openssl', 'curl', 'od', 'tr', 'cat', 'head', 'cut', 'date']);
      const body = JSON.stringify(fact(clock, 'ClientClose', { userid: 77 }));
      expect(await signedBy(['sh', 'docs/examples/sign.sh'], service, body, { path })).toContain(PROCESSED);
      const calls = called();
      expect(calls).toMatch(/^openssl dgst -sha256/m);
      expect(calls).toMatch(/^curl .*\/events$/m);
      const bytes = Buffer.from(HOST_SECRET);
      for (const secret of [HOST_SECRET, bytes.toString('hex'), bytes.toString('base64'), 'Bearer', 'eyJ'])
        expect(calls).not.toContain(secret);
    });
  });
});
