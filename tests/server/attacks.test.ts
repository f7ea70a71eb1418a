/** What strangers and broken portals send: it is refused in words, changes nothing, and stays out of the log. */
import { describeOnSqlite } from '../support/databases';
import { SECRET } from '../support/given';
import { paidInvoice, signup } from '../support/payloads';
import { fact, HOST_SECRET, startService, tokenFor } from './given';

const MEGABYTE = 1024 * 1024;

describeOnSqlite('The service', (database) => {
  it.each([
    ['what is no JSON', '{"hook":', 400, 'body_invalid'],
    ['nothing at all', '', 400, 'body_invalid'],
    ['a text', '"InvoicePaid"', 400, 'body_invalid'],
    ['a prototype', '{"hook":"InvoicePaid","payload":{"__proto__":{"accepted":true}}}', 400, 'body_invalid'],
    [
      'a constructor’s prototype',
      '{"hook":"InvoicePaid","payload":{"constructor":{"prototype":{"x":1}}}}',
      400,
      'body_invalid',
    ],
    ['lists in lists without end', '['.repeat(500_000), 400, 'body_invalid'],
    [
      'objects in objects',
      `{"hook":"InvoicePaid","payload":${'{"a":'.repeat(40)}1${'}'.repeat(41)}`,
      400,
      'body_invalid',
    ],
    ['more than a mebibyte', JSON.stringify({ text: 'x'.repeat(MEGABYTE) }), 413, 'body_too_large'],
    [
      'too many events',
      JSON.stringify({ events: Array(501).fill({ hook: 'x', payload: {} }) }),
      400,
      'body_invalid',
    ],
  ])('refuses %s in words, also of a portal that signed it', async (_what, body, status, code) => {
    const { ask } = await startService(await database.clean());
    const answer = await ask('POST', '/events', body);
    expect(answer).toMatchObject({ status, json: { error: { code } } });
    expect(answer.text).not.toMatch(/ at |\.ts|node_modules/);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('takes brackets within texts for what they are', async () => {
    const { ask, clock } = await startService(await database.clean());
    const deep = fact(clock, 'ClientAdd', signup({ client_id: '8', firstname: '[{"\\'.repeat(40) }));
    expect(await ask('POST', '/events', deep)).toMatchObject({ status: 200 });
  });

  it('takes JSON alone', async () => {
    const { ask } = await startService(await database.clean());
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])
      expect(await ask('POST', '/events', '{}', { headers: { 'content-type': type } })).toMatchObject({
        status: 415,
        json: { error: { code: 'body_type' } },
      });
  });

  it('logs no secret, token, body or address, whether it takes a request or fails', async () => {
    const url = await database.clean();
    const { ask, address, clock, log } = await startService(url);
    const person = signup({ client_id: '8', firstname: 'Zebulon', email: 'zebulon@example.com' });
    const authorization = `Bearer ${tokenFor(clock, 'POST /events', JSON.stringify(fact(clock, 'ClientAdd', person)))}`;
    await ask('POST', '/events', fact(clock, 'ClientAdd', person));
    await ask('POST', '/events', fact(clock, 'ClientAdd', person), { authorization });
    await ask('POST', '/events', '{"zebulon":');
    await fetch(`${address}/r/ZEBULON?to=/zebulon`, {
      redirect: 'manual',
      headers: { cookie: 'zebulon=1', 'x-forwarded-for': '198.51.100.77' },
    });
    await database.connect(url).schema.renameTable('mod_affiliates_events', 'elsewhere');
    await ask('POST', '/events', fact(clock, 'InvoicePaid', paidInvoice({ userid: 'zebulon' })));
    await database.connect(url).schema.renameTable('mod_affiliates_used_tokens', 'elsewhere_too');
    expect(await ask('POST', '/events', fact(clock, 'ClientAdd', person))).toMatchObject({
      status: 503,
      json: { error: { code: 'unavailable' } },
    });
    const text = log.join('');
    expect(log.length).toBeGreaterThan(5);
    expect(text).not.toMatch(/zebulon|127\.0\.0\.1"|198\.51\.100|bearer|eyJ/i);
    for (const secret of [SECRET, HOST_SECRET]) expect(text).not.toContain(secret);
  });
});
