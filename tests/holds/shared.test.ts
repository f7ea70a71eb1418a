/** A referral who pays from its affiliate's account, or lives where it lives, waits for staff. */
import type { AffiliateView } from '../../module/views';
import { describeOnEachDatabase, type TestDatabase } from '../support/databases';
import { given, requestId, STAFF, type TestProgram } from '../support/given';
import { everythingKept, expectSound } from '../support/invariants';

const HOME = { address1: '12, Élm  Street', postcode: 'ab1 2CD', country: 'GB' };
const SAME_HOME = { address1: '12 elm street', postcode: 'AB12CD', country: 'gb' };
const CARD = 'card_1NabXYZ77';
const IBAN = 'DE89 3704 0044 0532 0130 00';

async function program(database: TestDatabase) {
  const test = await given.program(database, { settings: { clearingDays: 30, threshold: '1.00' } });
  await test.hooks.ClientAdd({ ...given.signup({ client_id: 'owner', email: 'o@example.com' }), ...HOME });
  return { test, affiliate: await test.affiliate({ clientId: 'owner' }) };
}

/** A client whom the affiliate brings, and who pays 100.00. */
async function refer(
  test: TestProgram,
  affiliate: AffiliateView,
  { id = '77', signup = {}, paymentaccount = '' } = {},
): Promise<void> {
  const cookie = await test.click(affiliate);
  await test.hooks.ClientAdd({
    ...given.signup({ client_id: id, email: `${id}@example.net`, cookie }),
    ...signup,
  });
  await pays(test, { id, paymentaccount });
}

async function pays(test: TestProgram, told: { id?: string; invoiceid?: string; paymentaccount?: string }) {
  const { id = '77', invoiceid = `I${id}`, paymentaccount = '' } = told;
  const paid = given.paidInvoice({ invoiceid, userid: id });
  await test.hooks.InvoicePaid({ ...paid, invoice: { ...paid.invoice, paymentaccount } });
}

const edits = (test: TestProgram, userid: string, told: object) =>
  test.hooks.ClientEdit({ userid, firstname: 'A', lastname: 'B', email: '', ...told });

const asksFor = (test: TestProgram, affiliate: AffiliateView, method: 'bank' | 'paypal', details: string) =>
  test.withdrawal(affiliate, { method, details });

async function reasons({ reads }: TestProgram): Promise<string[]> {
  const { rows } = await reads.holds({ limit: 10 });
  return rows.map(({ lineKey, steps }) => [lineKey, ...steps.map(({ finding }) => finding)].join(' '));
}

/** Gives an affiliate something to withdraw. */
async function earns(test: TestProgram, affiliate: AffiliateView): Promise<void> {
  await refer(test, affiliate, { id: '70' });
  test.clock.advance({ days: 31 });
  await test.program.daily();
}

const ACCOUNT = ['I77/1 same_payout_account'];

describeOnEachDatabase('A referral who shares something with its affiliate is held', (database) => {
  it('when it gives the same postal address at the signup, however it is written', async () => {
    const { test, affiliate } = await program(database);
    await refer(test, affiliate, { signup: SAME_HOME });
    await refer(test, affiliate, { id: '78', signup: { ...SAME_HOME, address1: '14 elm street' } });
    expect(await reasons(test)).toEqual(['I77/1 same_address']);
    await expectSound(test.knex, test.clock.now);
  });

  it('when either of the two takes the other’s address later', async () => {
    const { test, affiliate } = await program(database);
    await refer(test, affiliate, { signup: { ...HOME, postcode: 'ZZ1' } });
    await refer(test, affiliate, { id: '78' });
    await edits(test, '78', SAME_HOME);
    expect(await reasons(test)).toEqual(['I78/1 same_address']);
    await edits(test, 'owner', { ...HOME, postcode: 'ZZ1' });
    expect(await reasons(test)).toEqual(['I77/1 same_address', 'I78/1 same_address']);
    await expectSound(test.knex, test.clock.now);
  });

  it('when it pays from an account that the affiliate paid from, before or afterwards', async () => {
    const { test, affiliate } = await program(database);
    await pays(test, { id: 'owner', invoiceid: 'own', paymentaccount: CARD });
    await refer(test, affiliate, { paymentaccount: CARD });
    await refer(test, affiliate, { id: '78', paymentaccount: 'card_9QQQ' });
    expect(await reasons(test)).toEqual(ACCOUNT);
    await pays(test, { id: 'owner', invoiceid: 'own 2', paymentaccount: 'CARD_9qqq' });
    expect(await reasons(test)).toEqual([...ACCOUNT, 'I78/1 same_payout_account']);
    await expectSound(test.knex, test.clock.now);
  });

  it.each([
    ['bank', `Olga Owner, ${IBAN}, COBADEFFXXX`, 'sepa:de89370400440532013000'],
    ['paypal', 'O.Wner+paypal@googlemail.com', 'PayPal owner@gmail.com'],
  ] as const)('when it pays from where the affiliate is paid to by %s', async (method, details, account) => {
    const { test, affiliate } = await program(database);
    await earns(test, affiliate);
    await refer(test, affiliate, { paymentaccount: account });
    expect(await reasons(test)).toEqual([]);
    await asksFor(test, affiliate, method, details);
    expect(await reasons(test)).toEqual(ACCOUNT);
    await refer(test, affiliate, { id: '78', paymentaccount: account });
    expect(await reasons(test)).toEqual([...ACCOUNT, 'I78/1 same_payout_account']);
    await expectSound(test.knex, test.clock.now);
  });

  it('also when its payment is told before its signup', async () => {
    const { test, affiliate } = await program(database);
    await pays(test, { id: 'owner', invoiceid: 'own', paymentaccount: CARD });
    const cookie = await test.click(affiliate);
    await pays(test, { paymentaccount: CARD });
    await test.hooks.ClientAdd(given.signup({ client_id: '77', email: '77@example.net', cookie }));
    expect(await reasons(test)).toEqual(ACCOUNT);
    await expectSound(test.knex, test.clock.now);
  });

  it('after a merge of two clients by what both of them told, and what cleared before stays cleared', async () => {
    const { test, affiliate } = await program(database);
    await refer(test, affiliate);
    test.clock.advance({ days: 31 });
    await test.program.daily();
    await pays(test, { invoiceid: 'later' });
    await pays(test, { id: 'second', invoiceid: 'foreign', paymentaccount: CARD });
    await pays(test, { id: 'owner', invoiceid: 'own', paymentaccount: CARD });
    expect(await reasons(test)).toEqual([]);
    await test.hooks.AfterClientMerge({ fromUserID: 'second', toUserID: '77' });
    expect(await reasons(test)).toEqual(['later/1 same_payout_account']);
    expect(await test.accounts(affiliate)).toEqual({
      clearing: 1000,
      cleared: 1000,
      reserved: 0,
      withdrawn: 0,
    });
    await expectSound(test.knex, test.clock.now);
  });

  it('after a merge of two affiliates, before and after staff decided', async () => {
    const { test, affiliate } = await program(database);
    const other = await test.affiliate({ clientId: 'other' });
    await pays(test, { id: 'other', invoiceid: 'own', paymentaccount: CARD });
    await refer(test, affiliate, { paymentaccount: CARD });
    await refer(test, other, { id: '78', paymentaccount: CARD });
    expect(await reasons(test)).toEqual(['I78/1 same_payout_account']);
    await test.acts.voidHold({
      requestId: requestId(),
      staff: STAFF,
      lineKey: 'I78/1',
      reason: 'One person.',
    });
    await test.hooks.AfterClientMerge({ fromUserID: 'owner', toUserID: 'other' });
    expect(await reasons(test)).toEqual(ACCOUNT);
    await test.hooks.AfterClientMerge({ fromUserID: 'nobody', toUserID: 'other' });
    expect(await reasons(test)).toEqual(ACCOUNT);
    expect(await test.accounts(other)).toMatchObject({ clearing: 1000, cleared: 0 });
    await expectSound(test.knex, test.clock.now);
  });
});

describeOnEachDatabase('Of accounts and addresses', (database) => {
  it('hashes alone are kept, which go with their client, and a replay still finds why', async () => {
    const { test, affiliate } = await program(database);
    await pays(test, { id: 'owner', invoiceid: 'own', paymentaccount: CARD });
    await refer(test, affiliate, { signup: { ...SAME_HOME, ip: '91.198.174.5' }, paymentaccount: CARD });
    const kept = `${await everythingKept(test.knex)} ${test.logger.text()}`;
    for (const written of [
      CARD,
      'card_1',
      HOME.address1,
      SAME_HOME.address1,
      'AB12CD',
      'ab1 2CD',
      '91.198',
    ]) {
      expect(kept).not.toContain(written);
    }
    await test.hooks.PreDeleteClient({ userid: '77' });
    await test.hooks.PreDeleteClient({ userid: 'owner' });
    expect(await test.knex('mod_affiliates_client_traits')).toEqual([]);
    await pays(test, { invoiceid: 'late', paymentaccount: CARD });
    expect(await test.knex('mod_affiliates_client_traits')).toEqual([]);
    expect(await reasons(test)).toContain('I77/1 same_address same_payout_account');
    await expectSound(test.knex, test.clock.now);
  });
});
