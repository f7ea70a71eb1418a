/** The page Test my link, and that a click then does what the page said. */
import fastify from 'fastify';
import { registerVisits } from '../../portal/routes/visits';
import { aClient, closePrograms, codeIn, givenProgram, PORTAL, textOf, type GivenProgram } from './given';

const ANNA = aClient('12');
const BERT = aClient('13');
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const YES = 'A click on this link would be credited to you.';
const NO = 'A click on this link would not be credited to you.';

afterEach(closePrograms);

const page = async ({ read }: GivenProgram, address: string, change = {}) =>
  (await read(ANNA, { page: 'test-link', address }, change)).html;

const clicksOf = async ({ read }: GivenProgram) => /Clicks (\d+)/.exec(textOf((await read(ANNA)).html))?.[1];

describe('Test my link', () => {
  it('is found on the affiliate page, and asks for a link', async () => {
    const given = await givenProgram();
    await given.enrol('12');
    expect((await given.read(ANNA)).html).toContain('page&#x3D;test-link');
    const html = await page(given, '');
    expect(textOf(html)).toContain('The link is not opened, and no click is counted.');
    expect(html).not.toContain(YES);
    expect(html).not.toContain(NO);
  });

  it('says yes to one’s own link, with the rules that hold, and counts nothing', async () => {
    const given = await givenProgram({ cookieDays: 30 });
    await given.enrol('12');
    const code = codeIn((await given.read(ANNA)).html);
    const html = await page(given, `${PORTAL}/r/${code}?to=/pricing`, { userAgent: FIREFOX });
    const text = textOf(html);
    expect(text).toContain(YES);
    expect(text).toContain(`Visitors see ${PORTAL}/pricing.`);
    expect(text).toContain('A click from your browser would count.');
    expect(text).toContain('The visitor has 30 days to sign up');
    expect(await clicksOf(given)).toBe('0');
  });

  it('says no, and why', async () => {
    const given = await givenProgram();
    await given.enrol('12');
    await given.enrol('13');
    const other = codeIn((await given.read(BERT)).html);
    expect(textOf(await page(given, `${PORTAL}/r/${other}`))).toContain(
      `The code ${other} is not yours: a click would be credited to somebody else.`,
    );
    await given.suspend('12', 'Spam');
    const code = codeIn((await given.read(ANNA)).html);
    const text = textOf(await page(given, `${PORTAL}/r/${code}`));
    expect(text).toContain(NO);
    expect(text).toContain('Your participation is suspended.');
  });

  it('is there for affiliates alone', async () => {
    const { read } = await givenProgram();
    expect((await read(ANNA, { page: 'test-link' })).status).toBe(403);
  });

  it('shows what was entered as text, however it is written', async () => {
    const given = await givenProgram();
    await given.enrol('12');
    const script = `"><script>alert('x')</script>{{evil}}`;
    for (const address of [
      script,
      `${PORTAL}/r/${script}`,
      `https://x/${script}`,
      `${PORTAL}/?campaign=${script}`,
    ]) {
      const html = await page(given, address);
      expect(html).not.toContain('<script>alert');
      expect(textOf(html)).toContain(NO);
    }
  });

  it('reads an address of any length', async () => {
    const given = await givenProgram();
    await given.enrol('12');
    expect(textOf(await page(given, `${PORTAL}/${'x'.repeat(100_000)}`))).toContain(NO);
  });

  it('never opens the address', async () => {
    const given = await givenProgram();
    await given.enrol('12');
    const opened = jest.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('nothing may be fetched'));
    await page(given, 'http://169.254.169.254/latest/meta-data');
    await page(given, `${PORTAL}/r/anything`);
    expect(opened).not.toHaveBeenCalled();
    opened.mockRestore();
  });

  it('says of each address what a click on it does', async () => {
    const given = await givenProgram({ repeatClickMinutes: 0 });
    await given.enrol('12');
    await given.enrol('13');
    const code = codeIn((await given.read(ANNA)).html);
    const portal = fastify();
    registerVisits(portal, given.program);
    portal.get('/*', async () => 'a page');
    const address = await portal.listen({ host: '127.0.0.1', port: 0 });
    const paths = [
      `/r/${code}`,
      `/r/${code.toUpperCase()}`,
      `/r/${code}?to=/pricing&campaign=spring`,
      `/r/${code}?to=//evil.example`,
      `/r/${code}?to=https%3A%2F%2Fevil.example`,
      `/r/${code}%20`,
      `/r/${code}x`,
      `/r/${code.slice(1)}`,
      `/r/${code}/`,
      `/r/`,
      `/r`,
      `/?ref=${code}`,
      `/pricing?plan=1&ref=${code}`,
      `/?ref=nobody&ref=${code}`,
      `/?ref=${code}&ref=nobody`,
      `/?REF=${code}`,
      `/${code}`,
      '/',
    ];
    for (const path of paths) {
      const counted = await clicksOf(given);
      const answer = await fetch(address + path, { headers: { 'user-agent': FIREFOX }, redirect: 'manual' });
      await answer.text();
      const happened = answer.headers.has('set-cookie') && (await clicksOf(given)) !== counted;
      const said = textOf(await page(given, PORTAL + path)).includes(YES);
      expect({ path, said }).toEqual({ path, said: happened });
    }
    await portal.close();
  });
});
