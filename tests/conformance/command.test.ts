/** `affiliates conformance`, as the makers of a portal run it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { tryPortal, type ConformanceOptions } from '../../server/conformance/conformance';
import { whyNot } from '../../server/terminal';
import { startService } from '../server/given';
import { COMMAND_LIMIT_MS } from '../support/command';
import { describeOnSqlite } from '../support/databases';
import { freePort } from '../support/mariadb';
import { describeWith, PYTHON } from '../support/programs';
import { SECRET, startPortal, type Fault, type RunningPortal } from './portal';

const ROOT = join(__dirname, '../..');

/** Without keeping this process from answering. */
function conformance(words: readonly string[]): Promise<{ status: unknown; stdout: string; stderr: string }> {
  const command = ['--import', 'tsx', 'server/cli.ts', 'conformance', ...words];
  const env = { PATH: process.env['PATH'] ?? '', HOST_SECRET: SECRET };
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: ROOT, env }, (error, stdout, stderr) => {
      resolve({ status: error ? error.code : 0, stdout, stderr });
    });
  });
}

describeWith(PYTHON, 'affiliates conformance', () => {
  let portal: RunningPortal | undefined;
  afterEach(() => portal?.stop());

  /** @returns how the command is called for a portal */
  async function wordsFor(faults: readonly Fault[]): Promise<string[]> {
    const listen = `127.0.0.1:${await freePort()}`;
    portal = await startPortal(`http://${listen}`, faults);
    return ['--url', portal.url.href, '--listen', listen];
  }

  it(
    'says what passed, and ends with 0',
    async () => {
      const words = await wordsFor([]);
      const { status, stdout, stderr } = await conformance([...words, '--case', 'payment', 'refund_parts']);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout.split('\n')).toEqual([
        `The portal is to send to http://${words.at(-1) ?? ''}.`,
        '✓ payment: A client signs up by a link and pays: its affiliate earns of what was paid without tax',
        '✓ refund_parts: Two parts of a payment are refunded, equally large: each takes back its own',
        '2 passed, 0 failed, 0 not tried.',
        '',
      ]);
    },
    COMMAND_LIMIT_MS,
  );

  it(
    'says what is wrong and what came, and ends with 1',
    async () => {
      const words = await wordsFor([['refundid=refund', 'refundid=invoice']]);
      const asked = [...words, '--currency', 'JPY', '--case', 'refund_parts'];
      const { status, stdout } = await conformance(asked);
      expect(status).toBe(1);
      expect(stdout.split('\n').slice(1)).toEqual([
        '✗ refund_parts: Two parts of a payment are refunded, equally large: each takes back its own',
        '    After a second quarter was refunded, 30 JPY are earned, and should be 20 JPY.',
        '    What came: ClientAdd: processed, ClientAdd: processed, InvoicePaid: processed, InvoiceRefunded: processed, InvoiceRefunded: processed',
        '0 passed, 1 failed, 0 not tried.',
        '',
      ]);
      const json = await conformance([...asked, '--json']);
      expect(json.status).toBe(1);
      expect(JSON.parse(json.stdout)).toMatchObject({ cases: [{ name: 'refund_parts', outcome: 'failed' }] });
    },
    COMMAND_LIMIT_MS,
  );
});

describeOnSqlite('affiliates conformance refuses', (database) => {
  let service = '';
  let nobody = '';
  beforeEach(async () => {
    service = (await startService(await database.clean())).address;
    nobody = `http://127.0.0.1:${await freePort()}/conformance`;
  });

  const CALLS: readonly (readonly [string, string, () => Partial<ConformanceOptions>])[] = [
    ['the service', 'At --url the service itself answers.', () => ({ url: `${service}/events` })],
    ['an address where nobody is', 'deliver: the portal does not answer: ECONNREFUSED.', () => ({})],
    [
      'an address that anybody can read on the way',
      '--url must begin with https://',
      () => ({ url: 'http://my.example.com' }),
    ],
    ['a case that there is not', 'luck is no case; the cases are: payment,', () => ({ case: ['luck'] })],
    ['a currency that there is not', '--currency must be an ISO 4217 code', () => ({ currency: 'gold' })],
    [
      'a secret that can be guessed',
      '--secret must have 32 characters or more.',
      () => ({ secret: 'short' }),
    ],
    ['a place to listen that is none', '--listen must be an address and a port', () => ({ listen: 'here' })],
    [
      'a place to listen that is taken',
      'The address is in use',
      () => ({ listen: service.slice('http://'.length) }),
    ],
  ];

  it.each(CALLS)('%s, in a sentence: %s', async (_what, sentence, differing) => {
    const options = { url: nobody, secret: SECRET, listen: '127.0.0.1:0', currency: 'USD', ...differing() };
    const refusal = await tryPortal(options, () => {})
      .next()
      .then(() => '', whyNot);
    expect(refusal).toContain(sentence);
  });
});
