/** What remains of those who were named, once they are erased; and addresses that were known before disputes were. */
import type { Knex } from 'knex';
import { MIGRATIONS } from '../../module/database/migrations';
import { describeOnEachDatabase } from '../support/databases';
import { given } from '../support/given';
import { answers, clientWithoutLink, evidence, kept, lastDispute, misses, readsOf } from './given';

const EMAIL = 'quill@example.org';
const NOTE = 'my neighbour Zacharias';

describeOnEachDatabase('A client who is erased', (database) => {
  it.each([
    ['by its address', { email: EMAIL }],
    ['by its invoice', { invoiceId: '800', email: 'somebody@example.org' }],
  ])('is forgotten in the disputes that named it %s, and they can still be answered', async (_how, named) => {
    const test = await given.program(database);
    const eve = await test.affiliate({ clientId: 'eve' });
    await clientWithoutLink(test, { client_id: '80', email: EMAIL, invoiceid: '800' });
    await misses(test, eve, { ...named, note: NOTE });
    const addresses = [EMAIL, 'somebody@example.org'];
    expect(await kept(test, { texts: [NOTE], addresses })).not.toEqual([]);
    await test.hooks.PreDeleteClient({ userid: '80' });
    expect(await kept(test, { texts: [NOTE], addresses })).toEqual([]);
    expect(await evidence(test)).toContain('One was named that is no longer kept');
    await answers(test, { decision: 'decline', reason: 'We cannot tell any more.' });
    expect(await readsOf(test, eve)).toContain('We cannot tell any more.');
  });

  it('is forgotten also by an address that it had before a merge', async () => {
    const test = await given.program(database);
    const eve = await test.affiliate({ clientId: 'eve' });
    await clientWithoutLink(test, { client_id: 'from', email: EMAIL });
    await clientWithoutLink(test, { client_id: 'to', email: 'other@example.org' });
    await misses(test, eve, { email: EMAIL });
    await test.hooks.AfterClientMerge({ fromUserID: 'from', toUserID: 'to' });
    expect(await evidence(test)).toMatch(/client to/i);
    await test.hooks.PreDeleteClient({ userid: 'to' });
    expect(await kept(test, { addresses: [EMAIL, 'other@example.org'] })).toEqual([]);
  });

  it('leaves no address behind when its signup is told afterwards', async () => {
    const test = await given.program(database);
    const at = test.clock.now();
    test.clock.advance({ hours: 1 });
    await test.hooks.PreDeleteClient({ userid: '80' });
    await test.hooks.ClientAdd(given.signup({ client_id: '80', email: EMAIL, at }));
    expect(await kept(test, { addresses: [EMAIL] })).toEqual([]);
  });

  it('and was an affiliate leaves nothing that it wrote', async () => {
    const test = await given.program(database);
    const eve = await test.affiliate({ clientId: 'eve' });
    await misses(test, eve, { email: EMAIL, note: NOTE });
    await test.hooks.PreDeleteClient({ userid: 'eve' });
    expect(await kept(test, { texts: [NOTE], addresses: [EMAIL] })).toEqual([]);
    expect((await lastDispute(test)).status).toBe('open');
  });
});

describeOnEachDatabase('The table of addresses', (database) => {
  it('is filled with those that came beside events before it was there', async () => {
    const test = await given.program(database);
    const anna = await test.affiliate({ clientId: 'anna' });
    await test.referral(anna, { client_id: '70', email: 'rita@example.org' });
    test.clock.advance({ days: 1 });
    await test.hooks.ClientEdit({
      userid: '70',
      firstname: 'Rita',
      lastname: 'R',
      email: 'rita@example.net',
    });
    await test.hooks.ClientEdit({
      userid: '70',
      firstname: 'Rita',
      lastname: 'R',
      email: 'rita@example.org',
    });
    const known = await addresses(test.knex);
    expect(known).toHaveLength(2);
    await test.knex('mod_affiliates_client_addresses').delete();
    const { up } = MIGRATIONS.find(({ name }) => name === '0052_client_addresses_known')!;
    await up(test.knex);
    expect(await addresses(test.knex)).toEqual(known);
    await up(test.knex);
    expect(await addresses(test.knex)).toEqual(known);
  });
});

const addresses = (knex: Knex): Promise<object[]> =>
  knex('mod_affiliates_client_addresses').orderBy('known_since').select('*');
