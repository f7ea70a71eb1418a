/** What must not be possible through the pages. */
import { sign } from 'jsonwebtoken';
import { createPages } from '../../pages';
import type { Module } from '../../module/module';
import { readSettings } from '../../module/settings';
import { collectingLogger } from '../support/logger';
import {
  A_FORM,
  aClient,
  asked,
  closePrograms,
  fieldsOf,
  givenProgram,
  PORTAL,
  STAFF,
  textOf,
} from './given';

const ANNA = aClient('12');
const SCRIPT = `"><script>alert('x')</script>{{evil}}`;

afterEach(closePrograms);

describe('the areas', () => {
  it('refuse a client who asks for a page of staff, and staff who ask for a client’s', async () => {
    const { program } = await givenProgram();
    for (const page of ['', 'affiliates', 'terms', 'settings', 'events']) {
      expect((await program.pages.staff(asked(ANNA, { page }))).status).toBe(403);
    }
    expect((await program.pages.client(asked(STAFF))).status).toBe(403);
    const body = { ...A_FORM, scope: 'program', rate: '100%', recurring: 'every', clearingDays: '0' };
    const posted = await program.pages.staff({ ...asked(ANNA, { page: 'terms' }), method: 'POST', body });
    expect(posted.status).toBe(403);
    expect((await program.pages.staff(asked(STAFF, { page: 'terms' }))).html).not.toContain('100%');
  });

  it.each([
    ['without the host’s token', { requestId: A_FORM.requestId }],
    ['with another token', { ...A_FORM, _csrf: 'another' }],
    ['with a part of the token', { ...A_FORM, _csrf: 'the-toke' }],
  ])('refuse a form %s', async (_how, body) => {
    const { read, tickets } = await givenProgram();
    const answer = await read(ANNA, { page: 'request' }, { method: 'POST', body });
    expect(answer.status).toBe(403);
    expect(textOf(answer.html)).toContain('This form is no longer valid.');
    expect(tickets).toEqual([]);
  });

  it('refuse every form where the host gave no token', async () => {
    const { read } = await givenProgram();
    const change = {
      method: 'POST',
      body: { ...A_FORM, _csrf: '' },
      csrf: { field: '_csrf', token: '' },
    } as const;
    expect((await read(ANNA, { page: 'request' }, change)).status).toBe(403);
  });

  it('change nothing when a page is only read', async () => {
    const { read, tickets } = await givenProgram();
    await read(ANNA, { page: 'request' }, { body: A_FORM });
    await read(STAFF, { page: 'events' }, { body: A_FORM });
    expect(tickets).toEqual([]);
  });

  it('forbid caches to keep what they answer', async () => {
    const { read } = await givenProgram();
    for (const page of ['', 'nowhere']) {
      expect((await read(ANNA, { page })).headers['cache-control']).toBe('no-store');
    }
  });

  it('take a confirmation in an address only if it is one', async () => {
    const { read } = await givenProgram();
    expect((await read(ANNA, { done: 'program_requested' })).html).toContain(
      'role="status">Your request was sent.',
    );
    for (const done of ['toString', 'error.title', SCRIPT]) {
      expect((await read(ANNA, { done })).html).not.toContain('alert-success');
    }
  });
});

describe('what others wrote', () => {
  it('is text on every page, never markup', async () => {
    const { program, enrol, referral, suspend, read } = await givenProgram({
      programName: `Us ${SCRIPT}`,
      referralPrivacy: 'name',
    });
    await enrol('12');
    await referral('12', { firstname: SCRIPT, lastname: SCRIPT, product: SCRIPT, pays: '900.00' });
    await suspend('12', SCRIPT);
    const nasty = {
      q: SCRIPT,
      min: SCRIPT,
      from: SCRIPT,
      landing: SCRIPT,
      campaign: SCRIPT,
      cursor: SCRIPT,
      currency: SCRIPT,
      sort: SCRIPT,
    };
    const { locale, base, assets, csrf } = asked(ANNA);
    const panels = await program.hooks.ClientAreaHomepagePanels({
      userid: '12',
      page: { locale, base, assets, csrf },
    });
    const pages = [
      await read(ANNA),
      await read(ANNA, nasty),
      await read(ANNA, { page: 'entries', ...nasty }),
      await read(ANNA, { page: SCRIPT }),
      await read(
        ANNA,
        {},
        { base: `/x?y=${SCRIPT}`, assets: `/z${SCRIPT}`, csrf: { field: SCRIPT, token: SCRIPT } },
      ),
      await read(STAFF, { page: 'affiliates', ...nasty }),
      await read(STAFF, { page: 'affiliate', id: '1', ...nasty }),
      await read(STAFF, { page: 'terms', scope: 'product', key: SCRIPT }),
      await read(STAFF, { page: 'audit' }),
      await read(STAFF, { page: 'settings' }),
      { html: panels.map(({ bodyHtml }) => bodyHtml).join('') },
    ];
    for (const { html } of pages) expect(html).not.toMatch(/<script>|"><script|alert\('x'\)/);
    expect(pages[0]!.html).toContain('&lt;script&gt;');
  });
});

describe('the form of the switch', () => {
  const sealWith = (secret: string, claims: object, options: object = {}) =>
    sign({ ticketId: '', emailHash: '', userId: '', locale: 'en', from: 'client', ...claims }, secret, {
      audience: 'affiliates/switch',
      subject: '66',
      expiresIn: '12h',
      ...options,
    });
  const SECRET = 'a secret of the tests that is long enough';

  it('works half a day, for the client it was made for', async () => {
    const { read, clock, switchPanel } = await givenProgram();
    const fields = fieldsOf(await switchPanel('12'));
    const send = (sealed: string) =>
      read(
        STAFF,
        { page: 'switch' },
        { method: 'POST', body: { ...fields, sealed, on: '1', clientId: '66' } },
      );
    clock.advance({ hours: 11 });
    const answer = await send(fields['sealed']!);
    expect(answer.headers['location']).toBe('/admin/clients/12');
    clock.advance({ hours: 2 });
    expect((await send(fields['sealed']!)).status).toBe(422);
  });

  it.each([
    ['signed with another secret', sealWith('another secret that is also long enough', {})],
    ['not signed', sealWith('', {}, { algorithm: 'none' })],
    ['made for something else', sealWith(SECRET, {}, { audience: 'affiliates/click' })],
    ['signed with another algorithm', sealWith(SECRET, {}, { algorithm: 'HS512' })],
    ['without its facts', sign({}, SECRET, { audience: 'affiliates/switch', subject: '66' })],
    ['no seal at all', 'x.y.z'],
  ])('is refused when %s', async (_how, sealed) => {
    const { read, clock } = await givenProgram();
    clock.set(new Date().toISOString());
    const answer = await read(
      STAFF,
      { page: 'switch' },
      { method: 'POST', body: { ...A_FORM, sealed, on: '1' } },
    );
    expect(answer.status).toBe(422);
    expect((await read(aClient('66'))).html).toContain('Request to become an affiliate');
  });
});

describe('a fault', () => {
  it('shows a page without its details, and logs its kind and place without its message', async () => {
    const logger = collectingLogger();
    const broken = new Error('password=hunter2');
    const reads = new Proxy({}, { get: () => () => Promise.reject(broken) });
    const settings = readSettings({ portalUrl: PORTAL });
    // Only what the page asks first is there: the fault comes from there.
    const module = { settings, reads, now: () => 0 } as unknown as Module;
    const pages = createPages(module, { secrets: ['x'.repeat(32)], logger });
    const answer = await pages.client(asked(ANNA));
    expect(answer.status).toBe(500);
    expect(answer.html).not.toContain('hunter2');
    expect(textOf(answer.html)).toContain('Something went wrong on our side.');
    expect(logger.entries).toMatchObject([{ level: 'error', fields: { fault: 'Error' } }]);
    expect(logger.text()).not.toContain('hunter2');
  });
});
