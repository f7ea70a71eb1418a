/** The page about the wire: every example is sent to a real service, and every way of signing really signs. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { FACT_SCHEMAS } from '../../hooks';
import { WIRE_ERROR_CODES } from '../../server/errors';
import { fact, HOST_SECRET, startService, type TestService } from '../server/given';
import { settableClock } from '../support/clock';
import { describeOnSqlite } from '../support/databases';
import { CURL, describeWith, PHP, PYTHON, type Program } from '../support/programs';
import { eventsIn, PAGE, ROOT } from './wirePage';

/** The events on the page, in its order: together they are a history that makes sense. */
const EXAMPLES = eventsIn(PAGE);

const SIGNERS: readonly (readonly [Program, string, readonly string[]])[] = [
  [PHP, 'sign.php', ['php']],
  [PYTHON, 'sign.py', ['python3']],
  [CURL, 'sign.sh', ['sh']],
];

/** Has a program sign a body and ask. @returns all that it says */
async function signedBy(
  [program = '', ...words]: readonly string[],
  { address }: TestService,
  body: string,
  secret = HOST_SECRET,
): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], SERVICE: address, HOST_SECRET: secret };
  const child = spawn(program, words, { cwd: ROOT, env, timeout: 20_000 });
  child.stdin.end(body);
  const [out, problems] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return out + problems;
}

describeOnSqlite('docs/wire.md', (database) => {
  it('has an example of every hook that tells of something, which a service takes', async () => {
    const { ask } = await startService(await database.clean());
    const hooks = EXAMPLES.map(({ hook }) => hook);
    expect([...hooks].sort()).toEqual([...Object.keys(FACT_SCHEMAS), 'DailyCronJob'].sort());
    const { json } = await ask('POST', '/events', { events: EXAMPLES });
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
      it('so that the service takes it, and not with another secret', async () => {
        // The tokens are made by the machine's clock, so the service goes by it as well.
        const clock = settableClock(new Date().toISOString());
        const service = await startService(await database.clean(), {}, clock);
        const body = JSON.stringify(fact(clock, 'ClientClose', { userid: 'Zoë/77' }));
        const words = [...command, `docs/examples/${file}`];
        const said = await signedBy(words, service, body);
        expect(said).toContain('200');
        expect(said).toContain('{"answer":{"accepted":true,"status":"processed","retry":false}}');
        const refused = await signedBy(words, service, body, 'a secret that the service does not know');
        expect(refused).toContain('401');
        expect(refused).toContain('"code":"token_invalid"');
      });
    });
  }
});
