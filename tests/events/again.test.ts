/** Trying events again on somebody's word: the history keeps what it answered, and tells that it was tried again. */
import { monotonicFactory } from 'ulid';
import type { TroubleQuery } from '../../index';
import { AffiliatesError } from '../../module/errors';
import { createAcceptance } from '../../module/events';
import type { EventPayloads } from '../../module/events/rules';
import { HANDLERS } from '../../module/handlers';
import { identityKeyReader } from '../../module/keys';
import { readSettings } from '../../module/settings';
import { describeOnEachDatabase, describeOnSqlite } from '../support/databases';
import { breakTable } from '../support/faults';
import { given, PORTAL, requestId, STAFF, type TestProgram } from '../support/given';
import { expectSound } from '../support/invariants';

const EVER = { from: 0, to: Date.parse('2100-01-01T00:00:00Z') };

async function troubled(test: TestProgram, query: Partial<TroubleQuery> = {}) {
  const found = [];
  for await (const event of test.program.troubled({ status: 'set_aside', ...EVER, ...query }))
    found.push(event);
  return found;
}

const LINE = {
  lineId: '1',
  kind: 'service',
  amount: 1000,
  discount: 0,
  quantity: 1,
  productId: 'web-1',
  productName: 'Web hosting',
} as const;
const REFUSED = { status: 'set_aside', code: 'amount_out_of_range' };

/** A payment that an earlier version of the program could not make sense of. */
async function aPaymentSetAside(test: TestProgram) {
  const affiliate = await test.affiliate();
  const userid = await test.referral(affiliate);
  const next = monotonicFactory();
  const now = () => test.clock.now().getTime();
  const earlier = createAcceptance({
    knex: test.knex,
    settings: readSettings({ portalUrl: PORTAL }),
    logger: test.logger,
    handlers: {
      ...HANDLERS,
      'invoice.paid': async (): Promise<void> => {
        throw new AffiliatesError('amount_out_of_range', {});
      },
    },
    now,
    newId: () => next(now()),
    identityKey: identityKeyReader(),
  });
  const invoice = given.paidInvoice({ invoiceid: 'A', userid, total: '10.00', eventId: 'E', at: now() });
  const payload: EventPayloads['invoice.paid'] = {
    invoiceId: 'A',
    clientId: userid,
    currency: 'USD',
    total: 1000,
    credit: 0,
    discount: 0,
    lines: [{ ...LINE, serviceId: `service-${userid}` }],
  };
  const event = { source: 'host', id: 'E', type: 'invoice.paid', occurredAt: now(), payload } as const;
  expect(await earlier({ ...event, by: { kind: 'host' } })).toMatchObject(REFUSED);
  const [found] = await troubled(test);
  return { affiliate, id: found!.id, tellAgain: () => test.hooks.InvoicePaid(invoice) };
}

describeOnEachDatabase('An event that was set aside', (database) => {
  it('is accepted once more under an id that names it, and keeps the answer it had', async () => {
    const test = await given.program(database);
    const { affiliate, id, tellAgain } = await aPaymentSetAside(test);
    expect(await test.program.tryAgain(id)).toEqual({ status: 'processed' });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 100 });
    expect(await test.program.tryAgain(id)).toEqual({ status: 'done' });
    const again = test.knex('mod_affiliates_events').where({ source: 'replay' });
    expect(await again.clone().pluck('source_id')).toEqual([`${id}:0001`]);
    const [tried] = await again.clone().pluck<string[]>('id');
    expect(await test.program.tryAgain(tried!)).toEqual({ status: 'done' });
    // The same event again gets the same answer.
    expect(await tellAgain()).toEqual({ accepted: true, ...REFUSED });
    await expectSound(test.knex, test.clock.now);
  });

  it('is set aside again under the next number while nothing has changed', async () => {
    const test = await given.program(database);
    const userid = await test.referral(await test.affiliate());
    const items = Array.from({ length: 10 }, () => ({ amount: '9999999999999.00' }));
    await test.pays({ userid, total: '9999999999999.00', items });
    const [found] = await troubled(test);
    expect(await test.program.tryAgain(found!.id)).toEqual(REFUSED);
    const [, tried] = await troubled(test);
    expect(await test.program.tryAgain(tried!.id)).toEqual(REFUSED);
    const ids = await test
      .knex('mod_affiliates_events')
      .where({ source: 'replay' })
      .orderBy('id')
      .pluck('source_id');
    expect(ids).toEqual([`${found!.id}:0001`, `${found!.id}:0002`]);
    await expectSound(test.knex, test.clock.now);
  });

  it('is accepted once where two processes ask for it at the same time', async () => {
    const url = await database.clean();
    const test = await given.programOn(url, {});
    const { affiliate, id } = await aPaymentSetAside(test);
    const other = await test.another();
    await Promise.all([test.program.tryAgain(id), other.program.tryAgain(id)]);
    expect(await test.knex('mod_affiliates_events').where({ source: 'replay' })).toHaveLength(1);
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 100 });
    await expectSound(test.knex, test.clock.now);
  });

  it('that waits is tried as it would be by itself, whenever it was due', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    const mend = await breakTable(test.knex, 'mod_affiliates_invoice_lines');
    await test.pays({ userid, total: '10.00' });
    const [waiting] = await troubled(test, { status: 'waiting' });
    expect(waiting).toMatchObject({ type: 'invoice.paid', code: 'fault', source: 'host' });
    expect(await test.program.tryAgain(waiting!.id)).toEqual({ status: 'waiting' });
    await mend();
    expect(await test.program.tryAgain(waiting!.id)).toEqual({ status: 'processed' });
    expect(await test.program.tryAgain(waiting!.id)).toEqual({ status: 'done' });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 100 });
    expect(await troubled(test, { status: 'waiting' })).toEqual([]);
    await expectSound(test.knex, test.clock.now);
  });
});

describeOnSqlite('Events in trouble', (database) => {
  it('are found by type and by when they were accepted, and one that is not in trouble is left alone', async () => {
    const test = await given.program(database);
    const { id } = await aPaymentSetAside(test);
    const at = test.clock.now().getTime();
    const found = async (query: Partial<TroubleQuery>) =>
      (await troubled(test, query)).map((event) => event.id);
    expect(await found({ type: 'invoice.paid' })).toEqual([id]);
    expect(await found({ type: 'invoice.refunded' })).toEqual([]);
    expect(await found({ from: at, to: at + 1 })).toEqual([id]);
    expect(await found({ to: at })).toEqual([]);
    expect(await found({ from: at + 1 })).toEqual([]);
    expect(await test.program.tryAgain('01ARZ3NDEKTSV4RRFFQ69G5FAV')).toEqual({ status: 'unknown' });
    const acted = { requestId: requestId(), staff: STAFF, reason: '', ticketId: '', locale: 'en' };
    await test.acts.switchAffiliate({ ...acted, clientId: '9', on: true, emailHash: '', userId: '' });
    const [act] = await test.knex('mod_affiliates_events').where({ source: 'page' }).pluck<string[]>('id');
    expect(await test.program.tryAgain(act!)).toEqual({ status: 'done' });
  });
});
