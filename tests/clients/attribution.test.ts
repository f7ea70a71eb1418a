import type { Knex } from 'knex';
import { describeOnEachDatabase } from '../support/databases';
import { given, requestId, STAFF, type TestProgram } from '../support/given';
import { findings } from '../commissions/findings';

const outcomeOf = async (knex: Knex, clientId: string) =>
  (
    await knex<{ client_id: string; outcome: string }>('mod_affiliates_attributions')
      .where({ client_id: clientId })
      .first('outcome')
  )?.outcome;

/** A purchase of a client who is nobody's referral is evaluated all the same, and says why it earned nothing. */
async function reasonOfPurchase(test: TestProgram, userid: string): Promise<string | undefined> {
  await test.pays({ invoiceid: `of ${userid}`, userid });
  return (await findings(test.knex))[`of ${userid}/1`]?.[0];
}

describeOnEachDatabase('A signup', (database) => {
  it('through a link is a referral for good, and needs no cookie later', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    test.clock.advance({ years: 3 });
    expect(await reasonOfPurchase(test, userid)).toBe('earned');
    expect(await outcomeOf(test.knex, userid)).toBe('attributed');
  });

  it('without a cookie is nobody’s, and no attribution is kept of it', async () => {
    const test = await given.program(database);
    await test.affiliate();
    await test.hooks.ClientAdd(given.signup({ client_id: '7' }));
    expect(await outcomeOf(test.knex, '7')).toBeUndefined();
    expect(await reasonOfPurchase(test, '7')).toBe('no_referral');
  });

  it('with a cookie that was changed is refused, and recorded', async () => {
    const test = await given.program(database);
    const [name, token] = (await test.click(await test.affiliate())).split('=') as [string, string];
    const [header, claims, signature] = token.split('.') as [string, string, string];
    const forged = JSON.parse(Buffer.from(claims, 'base64url').toString()) as object;
    const other = Buffer.from(JSON.stringify({ ...forged, sub: '2' })).toString('base64url');
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
    const cookies = [
      `${header}.${other}.${signature}`,
      `${none}.${claims}.`,
      `${header}.${claims}.${signature.slice(0, -2)}`,
      'x'.repeat(5000),
      '1',
    ];
    for (const [index, cookie] of cookies.entries()) {
      const client_id = `forger ${index}`;
      await test.hooks.ClientAdd(given.signup({ client_id, cookie: `${name}=${cookie}` }));
      expect(await outcomeOf(test.knex, client_id)).toBe('token_tampered');
      expect(await reasonOfPurchase(test, client_id)).toBe('token_tampered');
    }
  });

  it('with a cookie that is too old is refused, and counts by when it happened, not by when it is told', async () => {
    const test = await given.program(database, { settings: { cookieDays: 30 } });
    const cookie = await test.click(await test.affiliate());
    const end = test.clock.now().getTime() + 30 * 86_400_000;
    test.clock.advance({ days: 31 });
    await test.hooks.ClientAdd(given.signup({ client_id: 'in time', cookie, at: end - 1 }));
    await test.hooks.ClientAdd(given.signup({ client_id: 'too late', cookie, at: end }));
    await test.hooks.ClientAdd(given.signup({ client_id: 'now', cookie }));
    expect(await outcomeOf(test.knex, 'in time')).toBe('attributed');
    expect(await outcomeOf(test.knex, 'too late')).toBe('token_expired');
    expect(await outcomeOf(test.knex, 'now')).toBe('token_expired');
  });

  it('counts for the affiliate as it stood when the client signed up', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const cookie = await test.click(affiliate);
    test.clock.advance({ days: 1 });
    const facts = { clientId: affiliate.clientId, emailHash: '', userId: '', locale: 'en', ticketId: '' };
    await test.acts.switchAffiliate({
      ...facts,
      requestId: requestId(),
      staff: STAFF,
      on: false,
      reason: 'spam',
    });
    const from = test.clock.now().getTime();
    await test.hooks.ClientAdd(given.signup({ client_id: 'before', cookie, at: from - 1 }));
    await test.hooks.ClientAdd(given.signup({ client_id: 'after', cookie, at: from }));
    expect(await outcomeOf(test.knex, 'before')).toBe('attributed');
    expect(await outcomeOf(test.knex, 'after')).toBe('affiliate_suspended');
    expect(await reasonOfPurchase(test, 'after')).toBe('affiliate_suspended');
    test.clock.advance({ days: 1 });
    await test.hooks.ClientClose({ userid: affiliate.clientId });
    await test.hooks.ClientAdd(given.signup({ client_id: 'closed', cookie }));
    expect(await outcomeOf(test.knex, 'closed')).toBe('affiliate_closed');
  });

  it('is decided once: a second report with another cookie changes nothing', async () => {
    const test = await given.program(database);
    const [first, second] = [await test.affiliate(), await test.affiliate()];
    await test.hooks.ClientAdd(given.signup({ client_id: '7', cookie: await test.click(first) }));
    await test.hooks.ClientAdd(given.signup({ client_id: '7', cookie: await test.click(second) }));
    await test.pays({ userid: '7', total: '10.00' });
    expect(await test.accounts(first)).toMatchObject({ cleared: 100 });
    expect(await test.accounts(second)).toMatchObject({ cleared: 0 });
    expect(await test.reads.figures(second.id)).toMatchObject({ signups: 0 });
  });
});

describeOnEachDatabase('An affiliate that refers itself', (database) => {
  it.each([
    ['its own address', { email: 'anna.smith@gmail.com' }],
    ['its own address in capitals', { email: 'ANNA.Smith@GMAIL.com' }],
    ['its own address without the dots', { email: 'annasmith@gmail.com' }],
    ['its own address with a tag', { email: 'anna.smith+hosting@gmail.com' }],
    ['its own address by its old name', { email: 'anna.smith@googlemail.com' }],
    ['its own login', { email: 'other@example.org', user_id: '31' }],
    ['its own account', { client_id: '5', email: 'other@example.org' }],
  ])('with %s is refused, and it is on record', async (_how, told) => {
    const test = await given.program(database);
    const affiliate = await test.affiliate({ clientId: '5', email: 'anna.smith@gmail.com', userId: '31' });
    const userid = await test.referral(affiliate, { client_id: '6', ...told });
    expect(await outcomeOf(test.knex, userid)).toBe('self_referral');
    expect(await reasonOfPurchase(test, userid)).toBe('self_referral');
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 0 });
    const { rows } = await test.reads.audit({ affiliateId: affiliate.id, limit: 10 });
    expect(rows.map(({ action }) => action)).toContain('referral.self_refused');
  });

  it('is told from somebody with another address at the same provider', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate({ email: 'anna.smith@gmail.com', userId: '31' });
    const userid = await test.referral(affiliate, { email: 'anna.smyth@gmail.com', user_id: '32' });
    expect(await outcomeOf(test.knex, userid)).toBe('attributed');
  });

  it('after its address changed is known by the new one', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate({ clientId: '5', email: 'old@example.org' });
    await test.hooks.ClientEdit({ userid: '5', email: 'new@example.org' });
    const userid = await test.referral(affiliate, { email: 'new@example.org' });
    expect(await outcomeOf(test.knex, userid)).toBe('self_referral');
  });

  it('is known by the address of its signup where whoever switched it on had none at hand', async () => {
    const test = await given.program(database);
    await test.hooks.ClientAdd(given.signup({ client_id: '5', email: 'anna.smith@gmail.com' }));
    test.clock.advance({ minutes: 1 });
    const affiliate = await test.affiliate({ clientId: '5' });
    const userid = await test.referral(affiliate, { client_id: '6', email: 'annasmith@gmail.com' });
    expect(await outcomeOf(test.knex, userid)).toBe('self_referral');
  });

  it('by a coupon is known by the address of its signup, though it became an affiliate of its own since', async () => {
    const test = await given.program(database);
    const owner = await test.affiliate({ clientId: '5', email: 'anna.smith@gmail.com' });
    await test.acts.changeCoupon({
      requestId: requestId(),
      staff: STAFF,
      code: 'SPRING',
      affiliateId: owner.id,
      on: true,
    });
    await test.hooks.ClientAdd(given.signup({ client_id: '6', email: 'annasmith@gmail.com' }));
    test.clock.advance({ minutes: 1 });
    await test.affiliate({ clientId: '6' });
    await test.pays({ userid: '6', promocode: 'SPRING' });
    expect(await outcomeOf(test.knex, '6')).toBe('self_referral');
    expect(await test.accounts(owner)).toMatchObject({ cleared: 0 });
  });
});
