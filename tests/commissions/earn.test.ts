import { describeOnEachDatabase } from '../support/databases';
import { given } from '../support/given';

describeOnEachDatabase('A paid invoice', (database) => {
  it('earns the default rate', async () => {
    const test = await given.program(database);
    const affiliate = await test.affiliate();
    const userid = await test.referral(affiliate);
    expect(await test.pays({ userid, total: '120.00' })).toEqual({ accepted: true, status: 'processed' });
    expect(await test.accounts(affiliate)).toEqual({ clearing: 0, cleared: 1200, reserved: 0, withdrawn: 0 });
  });
});
