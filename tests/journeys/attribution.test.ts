/** Whose referral somebody becomes, from the link they follow to the account they open. */
import type { Client } from '../../portal/office/rows';
import type { Person } from './person';
import { describeJourneys, type NewPerson, type Stage } from './stage';

const COOKIE = 'affiliates_ref';

/** An affiliate who is signed in, and the path of their link. */
async function affiliateOf(stage: Stage, firstname: string, account: NewPerson = {}) {
  const client = await stage.affiliate(firstname, account);
  const person = await stage.signedIn(client);
  const page = await person.page.request.get(`${stage.url}/m/affiliates`);
  const [path = ''] = /\/r\/[a-z0-9]+/.exec(await page.text()) ?? [];
  return { person, path };
}

async function cookieOf({ page }: Person) {
  return (await page.context().cookies()).find(({ name }) => name === COOKIE);
}

const figures = async (person: Person) => (await person.readsFigures()).figures;

const figuresOf = async (stage: Stage, client: Client) => figures(await stage.signedIn(client));

describeJourneys('The referral link', { clearingDays: 0 }, (stage) => {
  describe('A sign-up', () => {
    it('without a link is nobody’s referral', async () => {
      const ann = await stage.affiliate('Ann');
      const visitor = await stage.stranger();
      await visitor.signUp('Alone', 'alone@example.com');
      await visitor.buys('Web Hosting S');
      expect(await cookieOf(visitor)).toBeUndefined();
      expect(await figuresOf(stage, ann)).toEqual({ Clicks: '0', Signups: '0', Conversions: '0' });
    });

    it('with a cookie that was tampered with is nobody’s referral', async () => {
      const { person: bob, path } = await affiliateOf(stage, 'Bob');
      const visitor = await stage.stranger();
      await visitor.open(path);
      const cookie = await cookieOf(visitor);
      const [head, payload = '', signature] = cookie!.value.split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
      const forged = Buffer.from(JSON.stringify({ ...claims, campaign: 'forged' })).toString('base64url');
      await visitor.page.context().addCookies([{ ...cookie!, value: `${head}.${forged}.${signature}` }]);
      await visitor.signUp('Forger', 'forger@example.com');
      await visitor.buys('Web Hosting S');
      expect(await figures(bob)).toEqual({ Clicks: '1', Signups: '0', Conversions: '0' });
    });

    it('after two affiliates’ links belongs to the last', async () => {
      const [cara, dave] = [await affiliateOf(stage, 'Cara'), await affiliateOf(stage, 'Dave')];
      const visitor = await stage.stranger();
      await visitor.open(cara.path);
      await visitor.open(dave.path);
      await visitor.signUp('Wavering', 'wavering@example.com');
      expect(await figures(cara.person)).toEqual({ Clicks: '1', Signups: '0', Conversions: '0' });
      expect(await figures(dave.person)).toEqual({ Clicks: '1', Signups: '1', Conversions: '0' });
    });

    it('of the affiliate themself is refused, and staff can read that it was', async () => {
      const { person: erin, path } = await affiliateOf(stage, 'Erin', { email: 'erin@gmail.com' });
      const self = await stage.stranger();
      await self.open(path);
      await self.signUp('Erin', 'e.rin+shop@googlemail.com');
      await self.buys('Web Hosting S');
      expect(await figures(erin)).toEqual({ Clicks: '1', Signups: '0', Conversions: '0' });
      const staff = await stage.staff();
      await staff.open('/staff/m/affiliates?page=audit');
      const entry = staff.page.getByRole('row', { name: /a signup through the affiliate’s own link/ });
      await entry.getByRole('link', { name: path.split('/').pop()!, exact: true }).waitFor();
    });

    it('counts from any page of the portal whose address names the affiliate', async () => {
      const { person: finn, path } = await affiliateOf(stage, 'Finn');
      const visitor = await stage.stranger();
      await visitor.open(`/kb/affiliates?ref=${path.split('/').pop()}`);
      await visitor.sees('Was this answer helpful?');
      expect(await cookieOf(visitor)).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
      await visitor.signUp('Reader', 'reader@example.com');
      await visitor.buys('Web Hosting S');
      expect(await figures(finn)).toEqual({ Clicks: '1', Signups: '1', Conversions: '1' });
    });

    it('without a link belongs to the affiliate whose coupon it pays with, under the terms of that coupon', async () => {
      const kate = await stage.affiliate('Kate');
      const staff = await stage.staff('admin');
      const affiliates = stage.office.db<{ id: number; client_id: string }>('mod_affiliates_affiliates');
      const own = await affiliates.where('client_id', String(kate.id)).first();
      await staff.open('/staff/m/affiliates?page=coupons');
      await staff.fill({ Code: 'WELCOME10', 'Affiliate’s number': String(own?.id) });
      await staff.press('Give an affiliate a code');
      await staff.follow(/^Terms WELCOME10/i);
      await staff.fill({ Rate: '25%' });
      await staff.press('Save the terms');
      const visitor = await stage.stranger();
      await visitor.signUp('Thrifty', 'thrifty@example.com');
      await visitor.open('/order/5');
      await visitor.fill({ 'Domain or name': 'thrifty.example', 'Promotion code': 'welcome10' });
      await visitor.press('Order now');
      await visitor.press(/^Pay \$/);
      const page = await stage.signedIn(kate);
      // A quarter of $12.00 less $1.20.
      expect(await page.readsFigures()).toMatchObject({
        figures: { Clicks: '0', Signups: '1', Conversions: '1' },
        statement: { 'Below the $50.00 mark': '$2.70' },
      });
      expect(await page.page.locator('#coupons li').allInnerTexts()).toEqual(['welcome10']);
    });

    it('lands where the link says, and never elsewhere', async () => {
      const { person: gina, path } = await affiliateOf(stage, 'Gina');
      await gina.open('/m/affiliates');
      await gina.page.getByText('Link to a certain page, or name a campaign').click();
      await gina.fill({ Page: '/kb/affiliates', Campaign: 'spring' });
      await gina.press('Build link');
      const visitor = await stage.stranger();
      await visitor.page.goto(await gina.field('Your link').inputValue());
      expect(new URL(visitor.page.url()).pathname).toBe('/kb/affiliates');
      await visitor.open(`${path}?to=https://elsewhere.example/`);
      expect(visitor.page.url()).toBe(`${stage.url}/`);
    });

    it('needs no cookie for what is bought later', async () => {
      const { person: hugo, path } = await affiliateOf(stage, 'Hugo');
      const visitor = await stage.stranger();
      await visitor.open(path);
      await visitor.signUp('Later', 'later@example.com');
      await visitor.page.context().clearCookies({ name: COOKIE });
      await visitor.buys('Web Hosting M');
      expect((await hugo.readsFigures()).statement).toMatchObject({ 'Below the $50.00 mark': '$1.00' });
    });
  });

  describe('A click', () => {
    it('counts once for a visitor who comes back soon, and again for one who comes back later', async () => {
      const { person: ida, path } = await affiliateOf(stage, 'Ida');
      const visitor = await stage.stranger();
      await visitor.open(path);
      await visitor.open(path);
      expect(await figures(ida)).toMatchObject({ Clicks: '1' });
      stage.clock.advance({ hours: 1 });
      await visitor.open(path);
      expect(await figures(ida)).toMatchObject({ Clicks: '2' });
    });

    it('does not count for a robot or a prefetch, which are led on all the same', async () => {
      const { person: jack, path } = await affiliateOf(stage, 'Jack');
      const robot = await stage.stranger({ userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1)' });
      await robot.open(path);
      await robot.sees('Hosting that stays up');
      const eager = await stage.stranger();
      await eager.page.context().setExtraHTTPHeaders({ 'sec-purpose': 'prefetch' });
      await eager.open(path);
      await eager.sees('Hosting that stays up');
      expect(await figures(jack)).toMatchObject({ Clicks: '0' });
    });

    it('on a link of nobody leads to the front page', async () => {
      const visitor = await stage.stranger();
      await visitor.open('/r/nobody');
      await visitor.sees('Hosting that stays up');
      expect(await cookieOf(visitor)).toBeUndefined();
    });
  });
});

describeJourneys('A sign-up where the first link counts', { attribution: 'first' }, (stage) => {
  it('belongs to the first affiliate', async () => {
    const [cara, dave] = [await affiliateOf(stage, 'Cara'), await affiliateOf(stage, 'Dave')];
    const visitor = await stage.stranger();
    await visitor.open(cara.path);
    await visitor.open(dave.path);
    await visitor.signUp('Faithful', 'faithful@example.com');
    expect(await figures(cara.person)).toEqual({ Clicks: '1', Signups: '1', Conversions: '0' });
    expect(await figures(dave.person)).toEqual({ Clicks: '1', Signups: '0', Conversions: '0' });
  });
});
