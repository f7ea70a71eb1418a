/** The page about webhooks: an example of every type as it is really sent, and code that really verifies one. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signedHeaders } from '../../module/webhooks/sign';
import { MESSAGE_TYPES } from '../../module/webhooks/rules';
import { given, requestId, STAFF, type TestProgram } from '../support/given';
import { describeWith, PHP, PYTHON } from '../support/programs';
import { SECRET } from '../webhooks/given';

const PAGE = readFileSync(join(__dirname, '../../docs/webhooks.md'), 'utf8');

/** @returns the blocks of code in a language, in the order of the page */
const blocks = (language: string) =>
  [...PAGE.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, code = '']) => code);

interface Message {
  readonly type: string;
  readonly timestamp: string;
  readonly data: object;
}

/** What kind of thing stands where; of what is written alike everywhere, how it is written. */
function shapeOf(value: unknown): unknown {
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shapeOf(part)]));
  if (typeof value !== 'string') return typeof value;
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) return 'a time';
  if (/^-?\d+\.\d\d$/.test(value)) return 'an amount';
  return /^[0-9A-Z]{26}$/.test(value) ? 'an id of ours' : 'text';
}

const act = () => ({ requestId: requestId(), staff: STAFF });

/** Everything that can befall an affiliate. */
async function live(test: TestProgram): Promise<void> {
  const affiliate = await test.affiliate();
  const client = await test.referral(affiliate);
  const suspect = await test.referral(affiliate, { email: 'rita@mailinator.com' });
  await test.pays({ userid: client, invoiceid: '1', total: '900.00', eventId: 'paid' });
  await test.refunds({ invoiceid: '1', refundid: '1', amount: '100.00' });
  test.clock.advance({ minutes: 1 });
  await test.hooks.InvoiceUnpaid({ invoiceid: '1' });
  test.clock.advance({ minutes: 1 });
  await test.pays({ userid: client, invoiceid: '1', total: '900.00', eventId: 'paid again' });
  await test.pays({ userid: suspect, invoiceid: '2' });
  await test.pays({ userid: suspect, invoiceid: '3' });
  await test.acts.releaseHold({ ...act(), lineKey: '2/1', reason: 'a known client' });
  await test.acts.voidHold({ ...act(), lineKey: '3/1', reason: 'nobody' });
  const ends = ['deny', 'cancel', 'pay', 'fail'];
  for (const end of ends) {
    await test.pays({ userid: client, total: '900.00' });
    await endWithdrawal(test, affiliate, end);
  }
  const { clientId } = affiliate;
  const facts = { clientId, emailHash: '', userId: '', locale: 'en', ticketId: '' };
  await test.acts.switchAffiliate({ ...act(), ...facts, on: false, reason: 'a pause' });
  await test.hooks.ClientClose({ userid: clientId });
}

async function endWithdrawal(
  test: TestProgram,
  affiliate: Awaited<ReturnType<TestProgram['affiliate']>>,
  end: string,
): Promise<void> {
  const byHand = { method: 'paypal', details: 'a@example.com' } as const;
  const withdrawalId = await test.withdrawal(affiliate, end === 'pay' ? byHand : {});
  if (end === 'deny') await test.acts.denyWithdrawal({ ...act(), withdrawalId, reason: 'too soon' });
  if (end === 'cancel') {
    const { id: affiliateId, clientId } = affiliate;
    await test.acts.cancelWithdrawal({ requestId: requestId(), affiliateId, clientId, withdrawalId });
  }
  if (end === 'pay') await test.acts.approveWithdrawal({ ...act(), withdrawalId, transactionId: 'PP-1' });
  if (end !== 'fail') return;
  test.host.refuses('addCredit', 'no credit here');
  await test.acts.approveWithdrawal({ ...act(), withdrawalId, transactionId: '' });
  await test.program.deliver();
}

describe('The examples of messages', () => {
  const examples = blocks('json').map((block) => JSON.parse(block) as Message);

  it('show every type once, in the order of the list', () => {
    expect(examples.map(({ type }) => type)).toEqual([...MESSAGE_TYPES]);
  });

  it('are like what is really sent', async () => {
    const webhooks = [{ url: 'http://127.0.0.1:1/', secret: SECRET }];
    const test = await given.programInMemory({ webhooks, settings: { clearingDays: 0 } });
    await live(test);
    const { messages } = await test.program.webhooks.messages({ limit: 500 });
    const sent = new Map(
      messages.map(({ type, timestamp, data }) => [type as string, { type, timestamp, data }]),
    );
    for (const example of examples) {
      expect([example.type, shapeOf(example)]).toEqual([example.type, shapeOf(sent.get(example.type))]);
    }
  });
});

/** A message as it is sent now: what verifies it looks at the machine's clock. */
const BODY = '{"type":"affiliate.activated","data":{"affiliateId":"12","clientId":"Łódź"}}';
const KEY = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
const headersAt = (ms: number) => {
  const other = Buffer.alloc(32, 7);
  return signedHeaders([other, KEY], { id: 'msg_1', body: BODY }, Math.floor(ms / 1000));
};

/** Each with whether it must be taken. */
const DELIVERIES = [
  { name: 'ours', headers: headersAt(Date.now()), body: BODY, secret: SECRET, taken: true },
  {
    name: 'changed on the way',
    headers: headersAt(Date.now()),
    body: BODY.replace('12', '13'),
    secret: SECRET,
    taken: false,
  },
  { name: 'an old one', headers: headersAt(Date.now() - 301_000), body: BODY, secret: SECRET, taken: false },
  {
    name: 'of the future',
    headers: headersAt(Date.now() + 400_000),
    body: BODY,
    secret: SECRET,
    taken: false,
  },
  {
    name: 'signed by another',
    headers: headersAt(Date.now()),
    body: BODY,
    secret: `whsec_${Buffer.alloc(32, 9).toString('base64')}`,
    taken: false,
  },
];

/** Runs the page's code with a few lines that hand it each delivery, and say what it took. */
function taken(command: string, code: string, extension: string): boolean[] {
  const folder = mkdtempSync(join(tmpdir(), 'affiliates-docs-'));
  try {
    const file = join(folder, `verify.${extension}`);
    writeFileSync(file, code);
    writeFileSync(join(folder, 'deliveries.json'), JSON.stringify(DELIVERIES));
    return JSON.parse(execFileSync(command, [file, join(folder, 'deliveries.json')], ENCODED)) as boolean[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const ENCODED = {
  encoding: 'utf8',
  env: { ...process.env, NODE_PATH: join(__dirname, '../../node_modules') },
} as const;

const RIGHT = DELIVERIES.map((delivery) => delivery.taken);
const only = (language: string) => {
  const [code = '', ...more] = blocks(language);
  if (more.length > 0) throw new Error(`the page has more than one block of ${language}`);
  return code;
};

it('The code that verifies takes ours alone in Node', () => {
  const rest = `
    const deliveries = JSON.parse(require('node:fs').readFileSync(process.argv[2], 'utf8'));
    console.log(JSON.stringify(deliveries.map(({ headers, body, secret }) => {
      try { return verify(headers, body, secret).data.clientId === 'Łódź'; } catch { return false; }
    })));`;
  expect(taken(process.execPath, only('js') + rest, 'cjs')).toEqual(RIGHT);
});

describeWith(PHP, 'The code that verifies', () => {
  it('takes ours alone', () => {
    const rest = `
      $answers = [];
      foreach (json_decode(file_get_contents($argv[1]), true) as $one) {
          try {
              $answers[] = verify($one['headers'], $one['body'], $one['secret'])['data']['clientId'] === 'Łódź';
          } catch (RuntimeException $refused) {
              $answers[] = false;
          }
      }
      echo json_encode($answers);`;
    expect(taken('php', only('php') + rest, 'php')).toEqual(RIGHT);
  });
});

describeWith(PYTHON, 'The code that verifies', () => {
  it('takes ours alone', () => {
    const rest = `
import sys
answers = []
for one in json.load(open(sys.argv[1])):
    try:
        message = verify(one["headers"], one["body"].encode(), one["secret"])
        answers.append(message["data"]["clientId"] == "Łódź")
    except ValueError:
        answers.append(False)
print(json.dumps(answers))
`;
    expect(taken('python3', only('python') + rest, 'py')).toEqual(RIGHT);
  });
});
