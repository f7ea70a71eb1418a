/**
 * What docs/wire.md shows of requests and answers: each is sent to a real service, answered as it stands there, and both
 * are as the service describes itself.
 */
import { STATUS_CODES } from 'node:http';
import {
  codeOf,
  FIREFOX,
  pageOf,
  referAndPay,
  sendForm,
  startService,
  switchOn,
  type Answered,
  type TestService,
} from '../server/given';
import { plain } from '../../portal/history/visitor';
import { describeOnSqlite } from '../support/databases';
import { STAFF } from '../support/given';
import { schemasIn, type Description } from '../support/openapi';
import { eventsIn, exchangesIn, PAGE, sectionOf, type Exchange, type Shown } from './wirePage';

/** What stands on the page in place of what is another each time, by its own: 'CODE', and ids. */
type Names = Map<string, string>;

const AFFILIATE = '78';
const ULID = /01[0-9A-HJKMNP-TV-Z]{24}/;

/** What must have happened before the requests of a section are sent, in their order. */
const BEFORE: Readonly<Record<string, (test: TestService, names: Names) => Promise<void>>> = {
  '## Events': () => Promise.resolve(),
  '## Pages': (test) => switchOn(test, AFFILIATE),
  '## Panels': (test) => askAndSwitchOn(test),
  '## Clicks': async (test, names) => {
    await switchOn(test, AFFILIATE);
    names.set('CODE', await codeOf(test, AFFILIATE));
  },
  '## Commands': leaveOneOfEach,
  '## Settings': () => Promise.resolve(),
  '## Comparing': async ({ ask }) => {
    await ask('POST', '/events', eventOf('InvoicePaid'));
  },
  '## Webhooks': (test) => switchOn(test, AFFILIATE),
  '## Errors': () => Promise.resolve(),
};

const eventOf = (wanted: string) => eventsIn(PAGE).find(({ hook }) => hook === wanted);

/** The client who asks in the ticket of the example becomes an affiliate. */
async function askAndSwitchOn(test: TestService): Promise<void> {
  await test.ask('POST', '/events', eventOf('TicketOpen'));
  await switchOn(test, AFFILIATE, '12');
}

/** A command of each kind waits, and no other. */
async function leaveOneOfEach(test: TestService): Promise<void> {
  const other = { client: { id: '80' } };
  const withdrawal = await withdrawBy(test, '70');
  await doWhatWaits(test);
  await askAndSwitchOn(test);
  await sendForm(test, other, await pageOf(test, other), 'request', {});
  const form = await pageOf(test, { staff: STAFF }, withdrawal);
  await sendForm(test, { staff: STAFF }, form, 'withdrawal', { decision: 'approve' });
}

/** An affiliate earns 60.00, and asks to be paid. @returns the query of the staff's page on which that is decided */
async function withdrawBy(test: TestService, id: string) {
  const own = { client: { id } };
  await referAndPay(test, id, { total: '600.00' });
  await sendForm(test, own, await pageOf(test, own, { page: 'withdraw' }), 'withdraw', { method: 'credit' });
  const list = plain(await pageOf(test, { staff: STAFF }, { page: 'withdrawals' }));
  return { page: 'withdrawal', id: /page=withdrawal&id=(\w+)/.exec(list)?.[1] ?? '' };
}

async function doWhatWaits({ ask }: TestService): Promise<void> {
  const { json } = await ask('GET', '/commands');
  const acks = (json['commands'] as { id: string; kind: string }[]).map(({ id, kind }) => ({
    id,
    answer: kind === 'openTicket' ? { ticketId: id } : {},
  }));
  await ask('POST', '/commands/ack', { acks });
}

/** Reads a request with this time's names in place of the page's. */
function readRequest({ first, body }: Shown, before: string, names: Names) {
  const [method = '', path = ''] = named(first, names).split(' ');
  const sent: unknown = body === '' ? undefined : JSON.parse(named(body, names));
  return { method, path: inFull(path, before), body: sent };
}

const send = ({ ask }: TestService, { method, path, body }: ReturnType<typeof readRequest>) =>
  ask(method, path, body, { headers: { 'user-agent': FIREFOX } });

const named = (text: string, names: Names): string =>
  [...names].reduce((all, [name, own]) => all.replaceAll(name, own), text);

/** An address that ends in … holds what the section's first request has as its body. */
function inFull(path: string, body: string): string {
  if (!path.endsWith('…')) return path;
  const [start = '', shown = ''] = path.slice(0, -1).split('=');
  const request = Buffer.from(JSON.stringify(JSON.parse(body))).toString('base64url');
  expect(request.slice(0, shown.length)).toBe(shown);
  return `${start}=${request}`;
}

/** @returns what was really answered, with the page's words where they stand for it */
function asShown(shown: unknown, real: unknown, names: Names): unknown {
  if (typeof shown === 'string' && typeof real === 'string')
    return isMeant(shown, real, names) ? shown : real;
  if (Array.isArray(shown) && Array.isArray(real))
    return real.map((one, place) => asShown(shown[place], one, names));
  if (!isObject(shown) || !isObject(real)) return real;
  return Object.fromEntries(
    Object.entries(real).map(([name, value]) => [name, asShown(shown[name], value, names)]),
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @returns whether a text means another; notes which ids stand for which */
function isMeant(shown: string, real: string, names: Names): boolean {
  const unknown: string[] = [];
  const pattern = named(shown, names)
    .split(new RegExp(`(…|${ULID.source})`))
    .map((piece) => {
      if (piece === '…') return '.*';
      if (!ULID.test(piece) || [...names.values()].includes(piece))
        return piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      unknown.push(piece);
      return `(${ULID.source})`;
    })
    .join('');
  const found = new RegExp(`^${pattern}$`, 's').exec(real);
  if (found) for (const [place, name] of unknown.entries()) names.set(name, found[place + 1] ?? '');
  return found !== null;
}

function expectAsShown({ answer: { first, headers, body } }: Exchange, real: Answered, names: Names): void {
  expect(`HTTP/1.1 ${real.status} ${STATUS_CODES[real.status]}`).toBe(first);
  const shown = Object.fromEntries(headers);
  const sent = Object.fromEntries(headers.map(([name]) => [name, real.headers.get(name)]));
  expect(asShown(shown, sent, names)).toEqual(shown);
  if (body === '') {
    expect(real.text).toBe('');
    return;
  }
  const meant: unknown = JSON.parse(body);
  expect(asShown(meant, real.json, names)).toEqual(meant);
}

describeOnSqlite('What docs/wire.md shows', (database) => {
  it.each(Object.entries(BEFORE))('under %s is answered as it stands there', async (heading, prepare) => {
    // Nobody listens there: what is told can be read again all the same.
    const webhooks = [{ url: 'http://127.0.0.1:9/', secret: `whsec_${'A'.repeat(32)}` }];
    const test = await startService(await database.clean(), { webhooks });
    const names: Names = new Map();
    await prepare(test, names);
    const { json } = await test.ask('GET', '/openapi.json', undefined, { authorization: null });
    const schemas = schemasIn(json as Description);
    const exchanges = exchangesIn(sectionOf(heading));
    expect(exchanges.length).toBeGreaterThan(0);
    for (const exchange of exchanges) {
      const asked = readRequest(exchange.request, exchanges[0]?.request.body ?? '', names);
      const answered = await send(test, asked);
      expectAsShown(exchange, answered, names);
      expect(schemas.problemsOfAnswer({ ...asked, ...answered })).toEqual([]);
      // That a setting is wrong is no matter of its shape.
      if (answered.status === 422) continue;
      const isTaken = answered.status === 200 && !answered.text.includes('"field_invalid"');
      const isRight = schemas.problemsOfRequest(asked).length === 0;
      expect([asked.path, isRight]).toEqual([asked.path, isTaken || answered.status === 302]);
    }
  });

  it('is all under headings that are tested', () => {
    const tested = Object.keys(BEFORE).flatMap((heading) => exchangesIn(sectionOf(heading)));
    expect(exchangesIn(PAGE)).toEqual(tested);
  });
});
