/** Links and cookies of the earlier program, which are out in the wild. */
import { EARLIER } from '../../module/referrals';
import { describeOnSqlite } from '../support/databases';
import { given, SECRET } from '../support/given';
import { expectSound } from '../support/invariants';
import { bring, broughtOver, source } from './given';

const HEADERS = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };
const VISIT = {
  code: '',
  landing: '/order?pid=3',
  campaign: '',
  ip: '203.0.113.7',
  headers: HEADERS,
  secure: true,
};

describeOnSqlite('A link of the earlier program', (database) => {
  it('counts, leads on, and ties who signs up to the affiliate that came over', async () => {
    const test = await given.program(database);
    await bring(test, source());
    const own = await broughtOver(test);
    const { status, headers } = await test.program.clicks.redirect({ ...VISIT, affiliateId: '7' });
    expect([status, headers['location']]).toEqual([302, 'https://my.example.com/order?pid=3']);
    const cookie = headers['set-cookie']!.split(';')[0]!;
    expect(await test.reads.figures(own.id)).toMatchObject({ clicks: 241 });
    await test.hooks.ClientAdd(given.signup({ client_id: '90', cookie: `WHMCSAffiliateID=8; ${cookie}` }));
    await test.pays({ userid: '90', total: '10.00' });
    expect(await test.accounts(own)).toMatchObject({ cleared: 3100 });
    await expectSound(test.knex, test.clock.now);
  });

  it.each(['8', '07', '7 OR 1=1', '-7', '99999999999999999', ''])(
    'with a number that never came over (%s) counts for nobody, and leads on',
    async (affiliateId) => {
      const test = await given.program(database);
      await bring(test, source());
      const { status, headers } = await test.program.clicks.redirect({ ...VISIT, affiliateId });
      expect(status).toBe(302);
      expect(headers).not.toHaveProperty('set-cookie');
      expect(await test.knex('mod_affiliates_clicks')).toEqual([]);
    },
  );

  it('that has a code as well goes by the code', async () => {
    const test = await given.program(database);
    await bring(test, source());
    const other = await test.affiliate();
    await test.program.clicks.visit({ ...VISIT, code: other.code, affiliateId: '7' });
    expect(await test.reads.figures(other.id)).toMatchObject({ clicks: 1 });
  });
});

describeOnSqlite('A cookie of the earlier program', (database) => {
  const signedUp = async (cookie: (code: string) => Promise<string> | string, daysLater = 1) => {
    const test = await given.program(database);
    await bring(test, source());
    const [own, other] = [await broughtOver(test), await test.affiliate()];
    const header = await cookie(await test.click(other));
    test.clock.advance({ days: daysLater });
    await test.hooks.ClientAdd(given.signup({ client_id: '90', firstname: 'Zoe', cookie: header }));
    await test.pays({ userid: '90', total: '10.00' });
    const attribution: unknown = await test
      .knex('mod_affiliates_attributions')
      .where({ client_id: '90' })
      .first();
    await expectSound(test.knex, test.clock.now);
    const cleared = [(await test.accounts(own)).cleared, (await test.accounts(other)).cleared];
    return { test, cleared, attribution: attribution as { outcome: string; click_id: string } | undefined };
  };

  it('ties who signs up to the affiliate that came over, and says that it did', async () => {
    const { cleared, attribution } = await signedUp(() => 'theme=dark; WHMCSAffiliateID=7');
    expect(attribution).toMatchObject({ outcome: 'attributed', click_id: EARLIER });
    expect(cleared).toEqual([3100, 0]);
  });

  it('says nothing beside a cookie of ours', async () => {
    const { cleared } = await signedUp((own) => `WHMCSAffiliateID=7; ${own}`);
    expect(cleared).toEqual([3000, 100]);
  });

  it.each([`affiliates_ref=${SECRET}`, 'affiliates_ref='])(
    'says nothing in place of one of ours (%s)',
    async (own) => {
      const { cleared } = await signedUp(() => `${own}; WHMCSAffiliateID=7`);
      expect(cleared).toEqual([3000, 0]);
    },
  );

  it.each(['8', 'x', '7.0', '%37%20'])(
    'with a number that never came over (%s) says nothing, and nothing is kept',
    async (id) => {
      const { cleared, attribution, test } = await signedUp(() => `WHMCSAffiliateID=${id}`);
      expect(cleared).toEqual([3000, 0]);
      expect(attribution).toBeUndefined();
      expect(JSON.stringify(await test.knex('mod_affiliates_event_personal'))).not.toContain('Zoe');
    },
  );

  it('says nothing once no browser can have it any more', async () => {
    expect((await signedUp(() => 'WHMCSAffiliateID=7', 89)).cleared).toEqual([3100, 0]);
    expect((await signedUp(() => 'WHMCSAffiliateID=7', 90)).attribution).toBeUndefined();
  });

  it('brings nobody as the referral of its own client', async () => {
    const test = await given.program(database);
    await bring(test, source());
    await test.hooks.ClientAdd(
      given.signup({ client_id: '91', email: 'client31@example.org', cookie: 'WHMCSAffiliateID=7' }),
    );
    await test.pays({ userid: '91', total: '10.00' });
    expect(await test.accounts(await broughtOver(test))).toMatchObject({ cleared: 3000 });
  });
});
