/** The README's promises: its example runs as it stands there, and its tables say what the code says. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import fastify from 'fastify';
import ts from 'typescript';
import type * as Example from '../../docs/examples/host';
import * as frontDoor from '../../index';
import { withSettings } from '../../scripts/docs';
import { aClient, codeIn, CSRF, fieldsOf, STAFF, textOf } from '../pages/given';

const ROOT = join(__dirname, '../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const MOST_LINES = 40;

describe('The README’s example of a host', () => {
  const code = /<!-- docs\/examples\/host\.ts -->\n```ts\n(.*?)```/s.exec(README)?.[1] ?? '';

  it('is the file of the examples, and short', () => {
    expect(code).toBe(readFileSync(join(ROOT, 'docs/examples/host.ts'), 'utf8'));
    expect(code.trimEnd().split('\n').length).toBeLessThanOrEqual(MOST_LINES);
  });

  it('earns a commission and shows the affiliate page', async () => {
    const portal = examplePortal();
    const app = fastify();
    const program = await run(code).addAffiliates(app, portal);
    try {
      const address = await app.listen({ host: '127.0.0.1', port: 0 });
      const open = (path: string, headers: Record<string, string>) => ask(`${address}${path}`, { headers });
      await switchOn(address, portal, '7');
      const page = await open('/client/affiliates', { client: '7' });
      const visit = await open(`/r/${codeIn(page.text)}?to=/pricing`, { 'user-agent': FIREFOX });
      expect(visit.headers.get('location')).toBe('https://my.example.com/pricing');
      const cookie = visit.headers.getSetCookie().map((set) => set.split(';')[0])[0];
      await portal.happens('ClientAdd', { client_id: 8, firstname: 'Jane', lastname: 'Doe', cookie });
      const items = [{ id: 1, type: 'Hosting', relid: 3, amount: '120.00', productname: 'Web Hosting' }];
      const invoice = { userid: 8, currency: 'USD', total: '120.00', items };
      const paid = await portal.happens('InvoicePaid', { invoiceid: 20, invoice });
      expect(paid).toMatchObject({ status: 'processed' });
      const earned = await open('/client/affiliates', { client: '7' });
      expect(earned.text).toMatch(/^<h1>Affiliate Program<\/h1>/);
      expect(textOf(earned.text)).toContain('Commission earned +$12.00');
      expect(textOf(earned.text)).toContain('J. D. Web Hosting Active $120.00 $12.00');
      const style = await open('/affiliates-assets/affiliates.css', {});
      expect(style.headers.get('content-type')).toContain('text/css');
    } finally {
      await app.close();
      await program.close();
    }
  });
});

/** Loads the code as a package's user would: what it imports of ours is the front door. */
function run(code: string): typeof Example {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
    },
  });
  const load = createRequire(join(ROOT, 'docs/examples/host.ts'));
  const loadOrOurs = (name: string): unknown =>
    name === '@cloudpockets/affiliates' ? frontDoor : load(name);
  const environment = { env: { AFFILIATES_SECRET: 'a secret of the example that is long enough' } };
  const module = { exports: {} };
  const evaluate = compileFunction(outputText, ['require', 'module', 'exports', 'process']) as (
    ...given: unknown[]
  ) => void;
  evaluate(loadOrOurs, module, module.exports, environment);
  // What the README's block exports is what the file it is compared with exports.
  return module.exports as typeof Example;
}

interface ExamplePortal extends Example.Portal {
  /** Tells whoever hooked in there. */
  happens(point: string, payload: unknown): Promise<unknown>;
}

/** As little as a portal can be: whoever says so in a header is signed in. */
function examplePortal(): ExamplePortal {
  const handlers = new Map<string, (payload: unknown) => Promise<unknown>>();
  return {
    openTicket: async () => ({ ticketId: '1' }),
    replyTicket: async () => ({}),
    sendMail: async () => ({}),
    addCredit: async () => ({ reference: '1' }),
    addHook: (point, handler) => void handlers.set(point, handler),
    person: ({ headers }, area) => ({
      who: area === 'staff' ? STAFF : aClient(String(headers['client'])),
      locale: 'en',
      csrf: CSRF,
    }),
    layout: ({ title, html }) => `<h1>${title}</h1>${html}`,
    happens: async (point, payload) => handlers.get(point)?.(payload),
  };
}

/** Staff switch the program on for a client, with the form on its summary. */
async function switchOn(address: string, portal: ExamplePortal, userid: string): Promise<void> {
  const page = { locale: 'en', base: '/staff/affiliates', assets: '/affiliates-assets', csrf: CSRF };
  const asked = { userid, page: { ...page, staff: STAFF.staff } };
  const panel = await portal.happens('AdminAreaClientSummaryPage', asked);
  const body = new URLSearchParams({ ...fieldsOf(String(panel)), on: '1' });
  const answer = await ask(`${address}/staff/affiliates?page=switch`, { method: 'POST', body });
  expect(answer.status).toBe(303);
}

/** Reads the answer to its end: a connection that is still in use would keep the host from closing. */
async function ask(address: string, sent: RequestInit) {
  const answer = await fetch(address, { ...sent, redirect: 'manual' });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

describe('The README’s tables', () => {
  it('list every setting as it is: npm run docs brings them up to date', () => {
    expect(README).toBe(withSettings(README));
  });

  it('list every hook', async () => {
    const refused = async () => ({ refused: 'not in this test' });
    const program = frontDoor.affiliates({
      database: 'sqlite::memory:',
      host: { openTicket: refused, replyTicket: refused, sendMail: refused, addCredit: refused },
      settings: { portalUrl: 'https://my.example.com' },
      secrets: ['a secret of the tests that is long enough'],
    });
    await program.install();
    const section = README.split('### Hooks')[1]?.split('\n### ')[0] ?? '';
    const listed = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, point]) => point);
    expect(listed.sort()).toEqual(Object.keys(program.hooks).sort());
    await program.close();
  });
});
