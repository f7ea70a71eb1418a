import { describeOnEachDatabase } from '../support/databases';
import { given, requestId, STAFF, type TestProgram } from '../support/given';
import { everythingKept, expectSound } from '../support/invariants';
import { hashEmail, identityKeyReader } from '../../module/keys';

const PERSON = {
  firstname: 'Zacharias',
  lastname: 'Quillfeather',
  email: 'quill@example.org',
  user_id: 'login-77',
};

/** What would tell who the person is, in whatever table. */
async function traces(test: TestProgram, ...words: string[]): Promise<string[]> {
  const hash = hashEmail(await identityKeyReader()(test.knex), PERSON.email);
  const kept = await everythingKept(test.knex);
  const searched = [PERSON.firstname, PERSON.lastname, 'Z. Q.', PERSON.email, PERSON.user_id, hash, ...words];
  return searched.filter((word) => kept.includes(word));
}

describeOnEachDatabase('An erased client', (database) => {
  it('who was a referral is known by nothing but its number, and what it brought stays', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate, PERSON);
    await test.hooks.ClientEdit({ userid, ...PERSON });
    await test.pays({ userid, total: '100.00' });
    expect(await traces(test)).toEqual(expect.arrayContaining([PERSON.firstname, 'Z. Q.']));
    await test.hooks.PreDeleteClient({ userid });
    expect(await traces(test)).toEqual([]);
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 1000 });
    const query = { affiliateId: affiliate.id, currency: 'USD', filter: { status: 'all' as const } };
    const list = await test.reads.referrals({ ...query, sort: 'name', descending: false, limit: 5 });
    expect(list.rows).toMatchObject([{ name: '', status: 'closed', earned: 1000 }]);
    await expectSound(test.knex, test.clock.now);
  });

  it('who was an affiliate leaves its entries, and no address and no payout details', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate({ email: PERSON.email, userId: PERSON.user_id });
    const userid = await test.referral(affiliate);
    await test.pays({ userid, total: '600.00' });
    const details = 'IBAN DE89 3704 0044 0532 0130 00';
    const withdrawalId = await test.withdrawal(affiliate, { method: 'bank', details });
    const act = { requestId: requestId(), staff: STAFF, withdrawalId };
    await test.acts.approveWithdrawal({ ...act, transactionId: 'TX' });
    await test.program.deliver();
    expect(await traces(test, details)).toContain(details);
    await test.hooks.PreDeleteClient({ userid: affiliate.clientId });
    expect(await traces(test, details)).toEqual([]);
    expect(await test.accounts(affiliate)).toMatchObject({ withdrawn: 6000 });
    expect(await test.reads.affiliate(affiliate.id)).toMatchObject({ status: 'closed' });
    await expectSound(test.knex, test.clock.now);
  });

  it('stays erased when older news of it comes late', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    const at = test.clock.now();
    test.clock.advance({ hours: 1 });
    await test.hooks.PreDeleteClient({ userid });
    await test.hooks.ClientEdit({ userid, ...PERSON, at });
    expect(await traces(test)).toEqual([]);
  });

  it('stays erased when its signup is reported afterwards', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const cookie = await test.click(affiliate);
    const at = test.clock.now();
    test.clock.advance({ hours: 1 });
    await test.hooks.PreDeleteClient({ userid: '7' });
    await test.hooks.ClientAdd(given.signup({ client_id: '7', ...PERSON, cookie, at }));
    expect(await traces(test)).toEqual([]);
    // It was a referral all the same.
    await test.pays({ userid: '7', total: '10.00', at });
    expect(await test.accounts(affiliate)).toMatchObject({ cleared: 100 });
  });

  it('takes what came with a merged account along', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    await test.referral(affiliate, { client_id: 'from', ...PERSON });
    await test.hooks.AfterClientMerge({ fromUserID: 'from', toUserID: 'to' });
    await test.hooks.PreDeleteClient({ userid: 'to' });
    expect(await traces(test)).toEqual([]);
  });

  it('takes along the referral that ended with a merge', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    await test.referral(affiliate, { client_id: 'from', ...PERSON });
    await test.referral(affiliate, { client_id: 'to' });
    await test.hooks.AfterClientMerge({ fromUserID: 'from', toUserID: 'to' });
    await test.hooks.PreDeleteClient({ userid: 'to' });
    expect(await traces(test)).toEqual([]);
  });

  it('takes along the affiliate that was merged into it', async () => {
    const test = await given.program(database);
    const from = await test.affiliate({ clientId: 'from', email: PERSON.email, userId: PERSON.user_id });
    await test.affiliate({ clientId: 'to' });
    const userid = await test.referral(from);
    await test.pays({ userid, total: '600.00' });
    const details = 'me@paypal.example';
    await test.withdrawal(from, { method: 'paypal', details });
    await test.hooks.AfterClientMerge({ fromUserID: 'from', toUserID: 'to' });
    await test.hooks.PreDeleteClient({ userid: 'to' });
    expect(await traces(test, details)).toEqual([]);
  });
});

describeOnEachDatabase('A client whom no link brought', (database) => {
  it('leaves no trace of its person but a hash of its address, and none once it is erased', async () => {
    const test = await given.program(database);
    await test.hooks.ClientAdd(given.signup({ client_id: '7', ...PERSON }));
    await test.hooks.ClientEdit({ userid: '7', ...PERSON });
    await test.pays({ userid: '7', total: '100.00' });
    expect(await traces(test)).toEqual([hashEmail(await identityKeyReader()(test.knex), PERSON.email)]);
    await test.hooks.PreDeleteClient({ userid: '7' });
    expect(await traces(test)).toEqual([]);
  });
});
