/** The conformance kit finds nothing wrong with the portal of the documentation, and each of the faults planted in it. */
import { CASES } from '../../server/conformance/cases';
import { tryCase, type Result } from '../../server/conformance/run';
import { createPortal } from '../../server/conformance/steps';
import { startTrial, type Trial } from '../../server/conformance/trial';
import { describeWith, PYTHON } from '../support/programs';
import { SECRET, startPortal, type Fault } from './portal';

const LINE = '"amount": line["amount"]';
const PAID = 'return  # The payment provider told us twice.';
const KNOWN_REFUND = 'return refund  # It is known already.';
const EVENT_ID = 'f"fact-{secrets.token_hex(12)}"';

/** What is wrong with a portal, the case that finds it, what it says, and the fault. */
const FAULTS: readonly (readonly [string, string, RegExp, readonly Fault[]])[] = [
  [
    'the cookie of the signup is not told',
    'payment',
    /0\.00 USD are earned.*\nClientAdd came without the cookie of the signup/,
    [['cookie=cookie', 'cookie=""']],
  ],
  [
    'lines are told with their tax',
    'payment',
    /48\.00 USD/,
    [[LINE, '"amount": str(Decimal(line["amount"]) * 12 / 10)']],
  ],
  ['lines are not told', 'payment', /without any of its lines/, [['"items": items', '"items": []']]],
  [
    'a password is told',
    'payment',
    /password/,
    [['cookie=cookie)', 'cookie=cookie, password="correct horse battery staple")']],
  ],
  ['local time is told as UTC', 'payment', /time zone/, [['time.gmtime(now)', 'time.gmtime(now + 7200)']]],
  [
    'a token is used twice',
    'payment',
    /token_replayed/,
    [['"jti": secrets.token_hex(16)', '"jti": "always-the-same"']],
  ],
  [
    'the events go to another address',
    'payment',
    /No event came/,
    [['def send():', 'def send():\n    return\n\n\ndef unused():']],
  ],
  [
    'a payment that is told again is another invoice',
    'paid_twice',
    /80\.00 USD are earned, and should be 40\.00/,
    [
      [PAID, 'pass'],
      ['tell("InvoicePaid", invoiceid=invoice', 'tell("InvoicePaid", invoiceid=secrets.token_hex(8)'],
    ],
  ],
  [
    'a payment is told under the invoice’s id alone',
    'paid_unpaid_paid',
    /0\.00 USD/,
    [[EVENT_ID, '"-".join([hook, str(payload.get("invoiceid") or now)])']],
  ],
  [
    'a reopened invoice is not told',
    'paid_unpaid_paid',
    /40\.00 USD are earned, and should be 0\.00/,
    [['    tell("InvoiceUnpaid", invoiceid=invoice)\n', '']],
  ],
  [
    'a refund that is told again has no number',
    'refund_parts',
    /10\.00 USD are earned, and should be 20\.00/,
    [
      [KNOWN_REFUND, 'pass'],
      ['refundid=refund, ', ''],
    ],
  ],
  [
    'a refund that is told again gets another number',
    'refund_parts',
    /10\.00 USD are earned, and should be 20\.00/,
    [[KNOWN_REFUND, 'pass']],
  ],
  [
    'a part is told as the whole',
    'refund_parts',
    /0\.00 USD are earned, and should be 30\.00/,
    [['amount=amount, currency=currency', 'currency=currency']],
  ],
  [
    'a refund is not told',
    'refund_whole',
    /80\.00 USD are earned, and should be 40\.00/,
    [['tell("InvoiceRefunded"', 'dict(hook="InvoiceRefunded"']],
  ],
  [
    'all refunds of an invoice have one number',
    'refund_parts',
    /30\.00 USD are earned, and should be 20\.00/,
    [['refundid=refund', 'refundid=invoice']],
  ],
  ['a discount is not told', 'discount', /36\.00 USD/, [['line["discount"] or "0"', '"0"']]],
  [
    'bought credit is told as a service',
    'deposit',
    /24\.00 USD/,
    [['"type": line["type"]', '"type": "service"']],
  ],
  ['spent credit is not told', 'deposit', /40\.00 USD/, [['"credit": paid["credit"]', '"credit": "0"']]],
  ['amounts are numbers', 'amounts', /is a number/, [[LINE, '"amount": float(line["amount"])']]],
  [
    'amounts are rounded to units',
    'amounts',
    /USD are earned/,
    [[LINE, '"amount": str(round(Decimal(line["amount"])))']],
  ],
  [
    'every currency has two decimals',
    'currency',
    /4 JPY are earned, and should be 400/,
    [[LINE, '"amount": str(Decimal(line["amount"]) / (100 if paid["currency"] == "JPY" else 1))']],
  ],
  [
    'a client is called by its address',
    'ids',
    /ClientAdd came for/,
    [['client_id=client', 'client_id=person["email"]']],
  ],
  ['a closed account is not told', 'closed', /active/, [['tell("ClientClose", userid=client)', 'pass']]],
  [
    'a deleted client is not told',
    'deleted',
    /name is still kept/,
    [['    tell("PreDeleteClient", userid=client)\n', '']],
  ],
  [
    'ids of the deleted are given again',
    'deleted',
    /40\.00 USD are earned, and should be 80\.00/,
    [[' AUTOINCREMENT', '']],
  ],
  [
    'a merge is not told',
    'merged',
    /40\.00 USD/,
    [['    tell("AfterClientMerge", toUserID=staying, fromUserID=leaving)\n', '']],
  ],
  [
    'a merge is told the other way round',
    'merged',
    /40\.00 USD/,
    [['toUserID=staying, fromUserID=leaving', 'toUserID=leaving, fromUserID=staying']],
  ],
  [
    'what was not taken is dropped',
    'service_down',
    /0\.00 USD/,
    [
      [
        '        if status != 200:\n            return\n        answers',
        '        if status != 200:\n            with DB:\n                DB.execute("DELETE FROM events")\n            return\n        answers',
      ],
    ],
  ],
  [
    'people wait until the service has answered',
    'service_hanging',
    /longer than/,
    [
      ['timeout=2', 'timeout=30'],
      [
        '        self.reply(200, answer or {})',
        '        with LOCK:\n            send()\n        self.reply(200, answer or {})',
      ],
    ],
  ],
  [
    'the time is that of the sending',
    'service_down',
    /the time at which it was sent/,
    [['json.loads(each["payload"])}', '{**json.loads(each["payload"]), "at": int(time.time() * 1000)}}']],
  ],
  [
    'what is told again says something else',
    'answer_lost',
    /event_conflict/,
    [
      [
        'json.loads(each["payload"])}',
        '{**json.loads(each["payload"]), "amount": str(time.time_ns())[-6:]}}',
      ],
    ],
  ],
  ['what is to be sent later is set aside', 'out_of_order', /60\.00/, [['elif not told["retry"]:', 'else:']]],
  [
    'tickets are not told',
    'ticket',
    /no request/,
    [
      [
        '    tell("TicketOpen", ticketid=ticket, userid=client, deptname=department, subject=subject, message=message)\n',
        '',
      ],
    ],
  ],
  [
    'commands are not fetched',
    'ticket',
    /replyTicket was not/,
    [['def work():', 'def work():\n    return\n\n\ndef unused():']],
  ],
  [
    'a command is done whenever it comes',
    'credit_once',
    /120\.00 were given/,
    [
      ['row("SELECT answer FROM commands WHERE key = ?", command["key"])', 'None'],
      [
        '            if not known:\n                insert("commands", key=command["key"], answer=json.dumps(done))\n',
        '',
      ],
    ],
  ],
];

describeWith(PYTHON, 'The conformance kit', () => {
  const now = () => Date.now();
  let trial: Trial;
  beforeAll(async () => {
    trial = await startTrial({
      listen: { host: '127.0.0.1', port: 0 },
      secret: SECRET,
      currency: 'USD',
      now,
    });
  });
  afterAll(() => trial.close());

  /** @param limitMs how long a step may take */
  async function tried(
    faults: readonly Fault[],
    names: readonly string[],
    limitMs = 10_000,
  ): Promise<Result[]> {
    const { url, stop } = await startPortal(trial.address, faults);
    try {
      const portal = createPortal({ url, secret: SECRET, now, limitMs });
      const results: Result[] = [];
      for (const one of CASES.filter(({ name }) => names.includes(name)))
        results.push(await tryCase(one, { portal, trial, currency: 'USD', now }));
      return results;
    } finally {
      await stop();
    }
  }

  it('finds nothing wrong with the portal of the documentation', async () => {
    const names = CASES.map(({ name }) => name);
    const results = await tried([], names);
    expect(results.map(({ name, outcome, problems }) => [name, outcome, problems])).toEqual(
      names.map((name) => [name, 'passed', []]),
    );
  }, 30_000);

  it('finds nothing wrong with one whose times are of whole seconds', async () => {
    const wholeSeconds: Fault = ['f".{int(now * 1000) % 1000:03}Z"', '"Z"'];
    const results = await tried(
      [wholeSeconds],
      CASES.map(({ name }) => name),
    );
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
  }, 30_000);

  it.each(FAULTS)(
    'finds out that %s, by the case %s',
    async (_title, name, said, faults) => {
      const [result] = await tried(faults, [name], 1000);
      expect(result).toMatchObject({ name, outcome: 'failed' });
      expect(result?.problems.join('\n')).toMatch(said);
    },
    30_000,
  );

  it('has a fault for every case', () => {
    const found = new Set(FAULTS.map(([, name]) => name));
    expect([...found].sort()).toEqual(CASES.map(({ name }) => name).sort());
  });

  it('does not try what a portal does not have, and holds back none of what it needs', async () => {
    const withoutMerges: Fault = [
      '    "mergeClients": lambda told: merge_clients(told["from"], told["into"]),\n',
      '',
    ];
    const withoutInvoices: Fault = ['    "payInvoice": lambda told: pay_invoice(told["invoice"]),\n', ''];
    const [merged] = await tried([withoutMerges], ['merged']);
    expect(merged).toMatchObject({ outcome: 'not_tried', problems: ['mergeClients'] });
    const [payment] = await tried([withoutInvoices], ['payment']);
    expect(payment).toMatchObject({
      outcome: 'failed',
      problems: ['The portal does not take the step payInvoice, which is needed.'],
    });
  }, 30_000);
});
