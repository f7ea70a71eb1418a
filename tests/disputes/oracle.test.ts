/** Nobody learns from the form who is a client: whoever is named, answer, page, mails, tickets and work are the same. */
import { describeOnEachDatabase, type TestDatabase } from '../support/databases';
import { given } from '../support/given';
import { answers, clientWithoutLink, misses, visit } from './given';

const EVE = { client: { id: 'eve' } };

/** Everybody whom Eve might ask about, as the same portal in every case. */
const NAMED = [
  ['nobody', { email: 'nobody@example.org' }],
  ['another affiliate’s client', { email: 'rita@example.org' }],
  ['a client who came without a link', { email: 'quill@example.org' }],
  ['a client whose cookie was refused', { email: 'tamper@example.org' }],
  ['a client who is erased', { email: 'erased@example.org' }],
  ['a client whose account is closed', { email: 'closed@example.org' }],
  ['another affiliate', { email: 'anna@example.org' }],
  ['Eve herself', { email: 'eve@example.org' }],
  ['Eve’s own referral, of another day', { email: 'own@example.org' }],
  ['an address that two clients share', { email: 'shared@example.org' }],
] as const;

const INVOICES = [
  ['nobody’s invoice', { invoiceId: '800' }],
  ['another affiliate’s client’s invoice', { invoiceId: '700' }],
  ['the invoice of a client who came without a link', { invoiceId: '801' }],
] as const;

/** Ids are random, and tell nothing. */
const anonymous = (text: string) =>
  text.replaceAll(/[0-9A-HJKMNP-TV-Z]{26}/g, 'AN-ID').replaceAll(/T\d+/g, 'T#');

interface Seen {
  /** What Eve is shown and sent, line by line. */
  readonly lines: readonly string[];
  /** What the database was asked. */
  readonly statements: readonly string[];
}

/** @returns the first line that differs, of both; none when all is the same */
function difference(one: Seen, other: Seen): readonly string[] {
  const [these, those] = [one, other].map(({ lines, statements }) => [...lines, ...statements]) as [
    string[],
    string[],
  ];
  const at = these.findIndex((line, index) => line !== those[index]);
  if (at >= 0) return [these[at] ?? '', those[at] ?? ''];
  return these.length === those.length ? [] : ['the other has more lines'];
}

/** All that Eve can see of one question: what she is answered, reads, and hears through the host; and the work it makes. */
async function seenByEve(database: TestDatabase, named: Parameters<typeof misses>[2]): Promise<Seen> {
  const test = await given.program(database);
  test.clock.advance({ days: -19 });
  const anna = await test.affiliate({ clientId: 'anna', email: 'anna@example.org' });
  const eve = await test.affiliate({ clientId: 'eve', email: 'eve@example.org' });
  await test.referral(eve, { client_id: '71', email: 'own@example.org' });
  test.clock.advance({ days: 19 });
  await test.referral(anna, { client_id: '70', email: 'rita@example.org' });
  await test.pays({ userid: '70', invoiceid: '700', total: '100.00' });
  await clientWithoutLink(test, { client_id: '80', email: 'quill@example.org', invoiceid: '801' });
  const forged = { client_id: '81', email: 'tamper@example.org', cookie: 'affiliates_ref=x.y.z' };
  await test.hooks.ClientAdd(given.signup(forged));
  for (const [id, email] of [
    ['82', 'erased@example.org'],
    ['83', 'closed@example.org'],
    ['84', 'shared@example.org'],
    ['85', 'shared@example.org'],
  ] as const)
    await clientWithoutLink(test, { client_id: id, email });
  await test.hooks.PreDeleteClient({ userid: '82' });
  await test.hooks.ClientClose({ userid: '83' });
  await test.program.deliver();
  const before = test.host.asked.length;

  const statements: string[] = [];
  const listen = ({ sql }: { sql: string }) => statements.push(sql.replaceAll(/\?(, \?)*/g, '?'));
  test.knex.on('query', listen);
  const sent = await misses(test, eve, named);
  test.knex.removeListener('query', listen);

  const pages = [sent, await visit(test, EVE, { page: 'missing' }), await visit(test, EVE, {})];
  await answers(test, { decision: 'decline', reason: 'We could not find a click.' });
  pages.push(await visit(test, EVE, { page: 'missing' }));
  const written = named.invoiceId ? `invoice ${named.invoiceId}` : 'an e-mail address';
  const seen = [...pages, test.host.asked.slice(before)];
  const lines = seen.flatMap((one) =>
    anonymous(JSON.stringify(one)).replaceAll(written, 'WHAT').replaceAll(eve.code, 'CODE').split('\\n'),
  );
  return { lines, statements };
}

describeOnEachDatabase('Eve, who tries addresses', (database) => {
  it('sees the same and makes the same work whoever has the address', async () => {
    const expected = await seenByEve(database, NAMED[0][1]);
    expect(expected.lines[0]).toContain('dispute_opened');
    expect(expected.lines.length).toBeGreaterThan(100);
    expect(expected.statements.length).toBeGreaterThan(10);
    for (const [who, named] of NAMED.slice(1)) {
      const seen = await seenByEve(database, named);
      expect({ who, difference: difference(seen, expected) }).toEqual({ who, difference: [] });
    }
  });

  it('sees the same and makes the same work whoever paid the invoice', async () => {
    const expected = await seenByEve(database, INVOICES[0][1]);
    for (const [who, named] of INVOICES.slice(1)) {
      const seen = await seenByEve(database, named);
      expect({ who, difference: difference(seen, expected) }).toEqual({ who, difference: [] });
    }
  });

  it('sees no difference when the client whom she named is erased', async () => {
    const seen: string[] = [];
    for (const email of ['quill@example.org', 'nobody@example.org']) {
      const test = await given.program(database);
      const eve = await test.affiliate({ clientId: 'eve' });
      await clientWithoutLink(test, { client_id: '80', email: 'quill@example.org' });
      await misses(test, eve, { email, note: 'Zacharias, I think' });
      await test.hooks.PreDeleteClient({ userid: '80' });
      seen.push(anonymous((await visit(test, EVE, { page: 'missing' })).html));
    }
    expect(seen[0]).toBe(seen[1]);
  });
});
