/** The pages as people meet them: in Chromium, under a strict content security policy, with and without a theme. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import type { Page } from 'playwright-core';
import type { WebhookInput } from '../../index';
import { describeInChromium, expectAccessible, expectNoSidewaysScroll, screenshot } from '../support/browser';
import { SECRET, givenReceiver } from '../webhooks/given';
import { aClient, closePrograms, CSRF, givenProgram, STAFF, unescaped, type GivenProgram } from './given';

const TYPES: Record<string, string> = {
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
  png: 'image/png',
};
const BOOTSTRAP = join(__dirname, '../../node_modules/bootstrap/dist/css/bootstrap.min.css');

interface Host {
  /** Address of a client's or staff's area; `theme` is none or 'bootstrap', the language is that of the page. */
  area(who: string, options?: { theme?: string; locale?: string; query?: string }): string;
}

const SECOND = { staff: { id: '2', name: 'Kim Controller' } };

/** Every page with whom it is shown to: a name, the person, and the query. */
const PAGES = [
  ['affiliate', '12', ''],
  ['affiliate-wrong-filter', '12', '?q=none&min=x&landing=https://elsewhere.example'],
  ['withdraw', '12', '?page=withdraw'],
  ['entries', '12', '?page=entries'],
  ['statement', '12', '?page=statement'],
  ['missing', '12', '?page=nowhere'],
  ['missing-referral', '12', '?page=missing'],
  ['request-sent', '99', ''],
  ['invitation', '100', ''],
  ...[
    '',
    'affiliates',
    'affiliate&id=1',
    'statement&id=1',
    'liability&day=never',
    'simulate',
    'disputes',
    'holds',
    'withdrawals',
    'corrections',
    'correct&id=1',
    'terms',
    'groups',
    'coupons',
    'events',
    'proof',
    'audit',
    'settings',
  ].map((page) => [`staff-${/\w*/.exec(page)?.[0] || 'dashboard'}`, 'staff', `?page=${page}`] as const),
] as const;

/** Terms with long sentences. */
const TERMS = {
  scope: 'productGroup',
  scopeKey: 'gold',
  rate: '12%',
  terms:
    'limits: {lineMaximum: 50.00}\nwhen: {any: [{field: country, operator: in, value: [DE, AT]}, {field: quantity, operator: atLeast, value: 2}]}',
};

let server: Server | undefined;

/** A host that has signed everybody in: /<theme>/<locale>/<client number, 'staff' or 'second'>. */
async function hostOf({ program }: GivenProgram): Promise<Host> {
  server = createServer((request, response) => {
    const address = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [, theme = '', locale = '', name = ''] = address.pathname.split('/');
    if (theme === 'static') {
      const path = normalize(address.pathname.slice('/static/'.length));
      const file = path === 'bootstrap.css' ? BOOTSTRAP : join(program.assetsFolder, path);
      response.setHeader('content-type', TYPES[path.split('.').pop()!]!).end(readFileSync(file));
      return;
    }
    if (!name) {
      response.writeHead(404).end();
      return;
    }
    const staff = { staff: STAFF, second: SECOND }[name];
    const area = staff ? program.pages.staff : program.pages.client;
    void area({
      who: staff ?? aClient(name),
      locale,
      method: 'GET',
      query: Object.fromEntries(address.searchParams),
      body: {},
      base: `/${theme}/${locale}/${name}`,
      assets: '/static',
      csrf: CSRF,
      links: { ticket: '/tickets/{id}', client: '/clients/{id}' },
    }).then(({ html, title, status }) => {
      const style = theme === 'bootstrap' ? '<link rel="stylesheet" href="/static/bootstrap.css">' : '';
      const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">${style}`;
      response.writeHead(status, {
        'content-type': 'text/html',
        'content-security-policy': "default-src 'self'; img-src 'self' data:",
      });
      response.end(
        `<!doctype html><html lang="${locale}" dir="${locale === 'ar' ? 'rtl' : 'ltr'}"><head>${head}<title>${title}</title></head><body><main class="container">${html}</main></body></html>`,
      );
    });
  });
  await new Promise<void>((ready) => server!.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    area: (who, { theme = 'bootstrap', locale = 'en', query = '' } = {}) =>
      `http://127.0.0.1:${port}/${theme}/${locale}/${who}${query}`,
  };
}

async function withHistory(settings = {}, webhooks: readonly WebhookInput[] = []): Promise<GivenProgram> {
  const given = await givenProgram({ clearingDays: 0, ...settings }, {}, webhooks);
  await given.enrol('12');
  await given.referral('12', {
    id: '501',
    firstname: 'Zoe',
    lastname: 'Adams',
    product: 'Cloud VPS',
    pays: '520.00',
  });
  await given.referral('12', { id: '502', firstname: 'Bob', lastname: 'Young', product: '', pays: '' });
  await given.send(aClient('12'), { page: 'missing' }, { invoiceId: '9001', day: '2026-01-01' });
  await given.send(aClient('99'), { page: 'request' }, {}, {});
  await given.send(STAFF, { page: 'terms' }, TERMS);
  return given;
}

afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  await closePrograms();
});

describeInChromium('The pages', (browser) => {
  it('copy the referral link and say so', async () => {
    const { area } = await hostOf(await withHistory());
    const page = await browser.newPage();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(area('12'));
    await page.click('.aff-link [data-affiliates-copy]');
    await page.getByText('Copied to the clipboard.').waitFor({ state: 'attached' });
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await page.inputValue('#aff-link'));
  });

  it('filter the referrals while one types, at an address that can be bookmarked', async () => {
    const { area } = await hostOf(await withHistory());
    const page = await browser.newPage();
    await page.goto(area('12'));
    await page.fill('#aff-q', 'vps');
    await page.getByText('1 referral', { exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('vps');
    expect(await page.evaluate('document.activeElement.id')).toBe('aff-q');
    await page.fill('#aff-min', 'much');
    await page.getByText('“Earned at least” is not an amount.').waitFor();
    expect(await page.getAttribute('#aff-min', 'aria-invalid')).toBe('true');
    await page.reload();
    expect(await page.inputValue('#aff-q')).toBe('vps');
  });

  it('ask for payment details only where they are needed', async () => {
    const { area } = await hostOf(await withHistory());
    const page = await browser.newPage();
    await page.goto(area('12', { query: '?page=withdraw' }));
    await page.check('#aff-method-credit');
    expect(await page.isVisible('#aff-details')).toBe(false);
    await page.check('#aff-method-bank');
    expect(await page.isVisible('#aff-details')).toBe(true);
  });

  it('work without JavaScript', async () => {
    const { area } = await hostOf(await withHistory());
    const page = await browser.newPage({ javaScript: false });
    await page.goto(area('12'));
    expect(await page.isVisible('[data-affiliates-copy]')).toBe(false);
    await page.fill('#aff-q', 'vps');
    await page.click('.aff-filter-buttons button >> text=Show');
    await page.getByText('1 referral', { exact: true }).waitFor();
    await page.goto(area('12', { query: '?page=withdraw' }));
    expect(await page.isVisible('#aff-details')).toBe(true);
  });

  it.each([
    ['bootstrap', 'en'],
    ['bootstrap', 'ar'],
    ['none', 'de'],
  ])(
    'are accessible and fit a phone and a desk (theme %s, %s)',
    async (theme, locale) => {
      const { area } = await hostOf(await withHistory());
      const page = await browser.newPage();
      for (const [name, who, query] of PAGES) {
        await page.goto(area(who, { theme, locale, query }));
        await expectFits(page);
        if (theme === 'bootstrap' && locale === 'en') await screenshot(page, `pages-${name}`);
      }
    },
    120_000,
  );

  it.each(['en', 'ar'])('are so for both of two people who decide together (%s)', async (locale) => {
    const given = await withHistory({ approvalAbove: '10.00' });
    const { area } = await hostOf(given);
    const decided = await waitingForSecond(given);
    const page = await browser.newPage();
    for (const who of ['staff', 'second']) {
      for (const query of ['', ...decided]) {
        await page.goto(area(who, { locale, query }));
        await expectFits(page);
        const name = /page=(\w+)/.exec(query)?.[1] ?? 'dashboard';
        if (locale === 'en') await screenshot(page, `pages-${who}-of-two-${name}`);
      }
    }
  });

  it.each(['en', 'ar'])('are so where much went wrong (%s)', async (locale) => {
    const { area } = await hostOf(await inTrouble());
    const page = await browser.newPage();
    for (const query of ['', '?page=webhooks', '?page=mark&id=1']) {
      const answer = await page.goto(area('staff', { locale, query }));
      expect(answer?.status()).toBe(200);
      await expectFits(page);
      const name = /page=(\w+)/.exec(query)?.[1] ?? 'dashboard';
      await screenshot(page, `pages-trouble-${name}-${locale}`);
    }
  });
});

/** A history whose affiliate is marked for its refunds, told to addresses of which each stands otherwise. */
async function inTrouble(): Promise<GivenProgram> {
  const webhooks: WebhookInput[] = [];
  for (const status of [200, 410, 500, 429]) {
    const receiver = await givenReceiver();
    receiver.answers(status, { 'retry-after': '7200' });
    webhooks.push({
      url: `${receiver.url}/of/affiliates/at/books.example.com`,
      secret: SECRET,
      ...(status === 200 && { types: ['withdrawal.paid', 'balance.changed', 'commission.earned'] }),
    });
  }
  const given = await withHistory({}, webhooks);
  const { program, clock, referral } = given;
  for (let id = 601; id <= 606; id++) await referral('12', { id: String(id) });
  clock.advance({ hours: 1 });
  for (let id = 601; id <= 606; id++) {
    await program.hooks.InvoiceRefunded({
      invoiceid: `invoice-${id}`,
      refundid: `refund-${id}`,
      amount: '100.00',
      currency: 'USD',
    });
  }
  await program.webhooks.deliver();
  clock.advance({ hours: 12 });
  await program.daily();
  return given;
}

/** @returns the addresses of a correction and a withdrawal that a first person has approved */
async function waitingForSecond({ send, read }: GivenProgram): Promise<string[]> {
  const correction = { direction: 'credit', amount: '25.00', currency: 'USD', reason: 'A missing referral' };
  const { headers } = await send(STAFF, { page: 'correct', id: '1' }, correction);
  await send(aClient('12'), { page: 'withdraw' }, { method: 'bank', details: 'IBAN 123' });
  const list = unescaped((await read(STAFF, { page: 'withdrawals' })).html);
  const id = /page=withdrawal&id=(\w+)/.exec(list)?.[1] ?? '';
  await send(STAFF, { page: 'withdrawal', id }, { decision: 'approve', transactionId: 'B-1' });
  const made = /page=correction&id=\w+/.exec(headers['location'] ?? '')?.[0] ?? '';
  return [`?${made}`, `?page=withdrawal&id=${id}`];
}

/** On a desk and on a phone, for everybody; the page is left as wide as a desk. */
async function expectFits(page: Page): Promise<void> {
  await expectNoSidewaysScroll(page);
  await page.setViewportSize({ width: 375, height: 800 });
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.setViewportSize({ width: 1280, height: 900 });
}
