/** What works without JavaScript, and what it adds; and pages in the languages of their readers. */
import { describeJourneys, describeJourneysOnSqlite, type Stage } from './stage';
import type { Person } from './person';

async function rich(stage: Stage, firstname: string, language: 'english' | 'german' | 'arabic' = 'english') {
  const affiliate = await stage.affiliate(firstname, { language });
  const referral = await stage.referral(affiliate, `${firstname}s`);
  for (let at = 1; at <= 10; at++) await stage.buys(referral, 'vps', `${at}.example`);
  return affiliate;
}

describeJourneys('Without JavaScript', { clearingDays: 0 }, (stage) => {
  it('a client asks for the program', async () => {
    const ann = await stage.signedIn(await stage.client('Ann'), { javaScript: false });
    await ann.open('/m/affiliates');
    await ann.press('Request to become an affiliate');
    await ann.sees('Your request was sent.');
    await ann.sees('Your request is with our team.');
  });

  it('an affiliate filters the referrals, asks to be paid, and takes that back', async () => {
    const ben = await stage.signedIn(await rich(stage, 'Ben'), { javaScript: false });
    await ben.open('/m/affiliates');
    expect(await ben.button('Copy').count()).toBe(0);
    await ben.field('Status').selectOption('closed');
    await ben.press('Show');
    await ben.sees('No referral matches this filter.');
    await ben.follow('Clear filter');
    await ben.sees('1 referral');
    await ben.follow('Request Withdrawal');
    await ben.page.getByLabel('Bank transfer').check();
    await ben.fill({ 'Payment details': 'IBAN DE02 1203 0000 0000 2020 51' });
    await ben.press('Request $55.00');
    await ben.sees('Your withdrawal was requested.');
    await ben.press('Cancel this request');
    await ben.sees('the amount is available again');
  });

  it('staff switch the program on and off', async () => {
    const client = await stage.client('Cora');
    const staff = await stage.staff('support', { javaScript: false });
    await staff.open(`/staff/clients/${client.id}`);
    await staff.press('Switch the program on');
    await staff.fill({ 'Reason for switching it off': 'A test.' });
    await staff.press('Switch the program off');
    await staff.sees('Reason: A test.');
  });
});

describeJourneysOnSqlite('With JavaScript', { clearingDays: 0 }, (stage) => {
  it('an affiliate copies the link and the code of a banner', async () => {
    const ann = await stage.signedIn(await stage.affiliate('Ann'));
    await ann.page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stage.url });
    await ann.open('/m/affiliates');
    const clipboard = () => ann.page.evaluate<string>('navigator.clipboard.readText()');
    const status = ann.page.locator('[data-affiliates-status]');
    await ann.button('Copy').first().click();
    await status.filter({ hasText: 'Copied to the clipboard.' }).waitFor({ state: 'attached' });
    expect(await clipboard()).toBe(await ann.field('Your unique referral link').inputValue());
    await ann.button('Copy 728x90').click();
    await ann.page.waitForFunction('navigator.clipboard.readText().then((text) => text.startsWith("<a "))');
    const code = await clipboard();
    expect(code).toBe(await ann.page.getByLabel('Code of the banner 728x90').inputValue());
    const image = /src="([^"]+)"/.exec(code)?.[1] ?? '';
    expect((await ann.page.request.get(image)).headers()['content-type']).toBe('image/png');
  });
});

describeJourneysOnSqlite('In another language', { clearingDays: 0 }, (stage) => {
  const textOf = async ({ page }: Person) => (await page.locator('.affiliates').innerText()).trim();

  it('a German affiliate reads the page, the widget, the ticket and the mail in German', async () => {
    const anke = await stage.signedIn(await rich(stage, 'Anke', 'german'));
    const { statement } = await anke.readsFigures();
    expect(Object.values(statement)).toEqual(
      ['0,00 $', '55,00 $', '0,00 $'].map((text) => text.replace(' ', '\u00a0')),
    );
    expect(await anke.page.locator('.affiliates').first().getAttribute('lang')).toBe('de');
    await anke.sees('1 Empfehlung');
    await anke.sees('Auszahlung beantragen');
    expect(await textOf(anke)).not.toMatch(/Withdraw|Referral|Clicks|Commission/);
    await anke.open('/client');
    await anke.sees('Mehr Details');
    const staff = await stage.staff();
    await staff.open('/staff/mails');
    await staff.link('Willkommen bei Nimbus Affiliates').waitFor();
  });

  it('an Arabic affiliate reads the page from right to left', async () => {
    const amal = await stage.signedIn(await rich(stage, 'Amal', 'arabic'));
    await amal.open('/m/affiliates');
    const html = amal.page.locator('html');
    expect([await html.getAttribute('lang'), await html.getAttribute('dir')]).toEqual(['ar', 'rtl']);
    expect(await amal.page.locator('.affiliates').first().getAttribute('dir')).toBe('rtl');
    const text = await textOf(amal);
    expect(text).toMatch(/55[.,]00|٥٥[.,٫]٠٠/);
    expect(text).not.toMatch(/Withdraw|Referral|Clicks|Commission|Copy/);
    // What comes first is at the right, and what is written from left to right stays so.
    const figures = await amal.page
      .locator('.aff-figure')
      .evaluateAll((boxes: BoxLike[]) => boxes.map((box) => box.getBoundingClientRect().x));
    expect(figures).toEqual([...figures].sort((a, b) => b - a));
    expect(await amal.page.locator('#aff-link').getAttribute('dir')).toBe('ltr');
  });
});

/** The little of the DOM that is read; the tests are compiled without the library of its types. */
interface BoxLike {
  getBoundingClientRect(): { x: number };
}
