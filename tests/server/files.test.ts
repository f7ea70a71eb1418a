/** Pages whose answer is a file: over the wire come the very bytes that a program in the same process gives. */
import { buffer } from 'node:stream/consumers';
import { affiliates, type PageRequest } from '../../index';
import { describeOnSqlite } from '../support/databases';
import { PORTAL, SECRET, STAFF } from '../support/given';
import { collectingLogger } from '../support/logger';
import { readPdf } from '../support/pdf';
import { CLIENT, referAndPay, startService, type TestService } from './given';

/** Client 5 earns 10.00 for a product whose name is no ASCII. */
const earnSomething = (test: TestService) =>
  referAndPay(test, '5', { items: [{ amount: '100.00', productname: 'Größe XL für Łódź' }] });

/** @returns the same page from a program that shares nothing with the service but the database */
async function inProcess(test: TestService, database: string, request: PageRequest) {
  const program = affiliates({
    database,
    host: 'remote',
    settings: { portalUrl: PORTAL, approvalAbove: '' },
    secrets: [SECRET],
    clock: test.clock.now,
    logger: collectingLogger(),
  });
  try {
    await program.install();
    const { body, ...page } = await program.pages['client' in request.who ? 'client' : 'staff'](request);
    return { page, bytes: await buffer(body!) };
  } finally {
    await program.close();
  }
}

const STATEMENT = { page: 'statement', currency: 'USD', month: '2026-03' };
const LIABILITY = { page: 'liability', currency: 'USD', day: '2026-03-01', format: 'csv' };
const FILES: readonly (readonly [string, PageRequest['who'], PageRequest['query'], string])[] = [
  ['the month as CSV', { client: { id: '5' } }, { ...STATEMENT, format: 'csv' }, 'text/csv; charset=utf-8'],
  ['the month as PDF', { client: { id: '5' } }, { ...STATEMENT, format: 'pdf' }, 'application/pdf'],
  ['what is owed as CSV', { staff: STAFF }, LIABILITY, 'text/csv; charset=utf-8'],
];

describeOnSqlite('A file over the wire', (database) => {
  it.each(FILES)('has the bytes of %s', async (_name, who, query, type) => {
    const url = await database.clean();
    const test = await startService(url);
    await earnSomething(test);
    const request = { ...CLIENT, who, query } as PageRequest;
    const area = 'client' in who ? 'client' : 'staff';
    const { json } = await test.ask('POST', `/pages/${area}`, request);
    const { file, ...page } = json as { file: string };
    const expected = await inProcess(test, url, request);
    expect(page).toEqual(expected.page);
    expect(page).toMatchObject({ status: 200, html: '', headers: { 'content-type': type } });
    expect(expected.bytes.length).toBeGreaterThan(0);
    expect(Buffer.from(file, 'base64').equals(expected.bytes)).toBe(true);
    const inAddress = Buffer.from(JSON.stringify(request)).toString('base64url');
    expect((await test.ask('GET', `/pages/${area}?request=${inAddress}`)).json).toEqual(json);
  });

  it('can be read as what it is, letters beyond ASCII included', async () => {
    const test = await startService(await database.clean());
    await earnSomething(test);
    const fileOf = async (format: string) => {
      const request = { ...CLIENT, query: { ...STATEMENT, format } };
      const { json } = await test.ask('POST', '/pages/client', request);
      return Buffer.from(String(json['file']), 'base64');
    };
    const csv = (await fileOf('csv')).toString('utf8');
    expect(csv).toContain('Größe XL für Łódź');
    expect(csv).toMatch(/^\ufeff.*\r\n/);
    expect(readPdf(await fileOf('pdf')).pages[0]).toContain('Größe XL für Łódź\n$10.00');
  });
});
