/** From a visitor who signs up to an affiliate who is paid, as each of them sees it. */
import { screenshot } from '../support/browser';
import { describeJourneys } from './stage';
import type { Person } from './person';

/** Staff give one affiliate a rate of its own: an amount that each paid line earns. */
async function setRate(staff: Person, affiliatePage: string, rate: string): Promise<void> {
  await staff.open(affiliatePage);
  await staff.follow('Change the rate');
  await staff.fill({ Rate: rate });
  await staff.press('Save the terms');
  await staff.sees('The terms were changed.');
}

async function asksToBePaid(affiliate: Person, method: string, details?: string): Promise<void> {
  await affiliate.open('/m/affiliates');
  await affiliate.follow('Request Withdrawal');
  await affiliate.page.getByLabel(method).check();
  if (details) await affiliate.fill({ 'Payment details': details });
  await affiliate.press(/^Request \$/);
  await affiliate.sees('Your withdrawal was requested. A ticket was opened for it.');
}

/** Staff open the one withdrawal that waits. */
async function opensWithdrawal(staff: Person): Promise<void> {
  await staff.open('/staff/m/affiliates');
  await staff.follow('Decide');
}

describeJourneys('The program', { clearingDays: 0 }, (stage) => {
  it('takes in a visitor, lets them refer a stranger, and pays them when they reach the threshold', async () => {
    const ann = await stage.stranger();
    await ann.open('/m/affiliates');
    await ann.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await ann.follow('Sign up');
    await ann.signUp('Ann', 'ann@example.com');
    await ann.open('/client');
    expect(await ann.reads('commission acquired')).toBe(false);
    await ann.open('/m/affiliates');
    await ann.sees('You earn 10% of every payment.');
    await ann.press('Request to become an affiliate');
    await ann.sees('Your request is with our team.');
    expect(await ann.button('Request to become an affiliate').count()).toBe(0);
    await ann.follow('Open the ticket');
    await ann.sees('I would like to take part in the affiliate program.');

    const staff = await stage.staff();
    await staff.open('/staff/tickets');
    await staff.follow(/Request to become an affiliate/);
    await staff.sees('Nothing speaks against it.');
    await staff.link('Ann Doe').waitFor();
    await staff.press('Switch the program on');
    await staff.sees('You are an affiliate now.');
    await staff.open('/staff/mails');
    await staff.follow('Welcome to Nimbus Affiliates');
    const mail = staff.page.frameLocator('.mail-frame');
    await mail.getByText('You are an affiliate now.').waitFor();
    await staff.link('ann@example.com').waitFor();

    await ann.open('/tickets');
    await ann.sees('Answered');
    await ann.open('/client');
    await ann.sees('commission acquired');
    await ann.sees('$50.00 more until you can request a withdrawal.');
    await ann.link('Affiliate program').first().waitFor();
    await ann.follow('More Details');
    expect(await ann.readsFigures()).toEqual({
      figures: { Clicks: '0', Signups: '0', Conversions: '0' },
      statement: {
        'Below the $50.00 mark': '$0.00',
        'Available to withdraw': '$0.00',
        Withdrawn: '$0.00',
      },
    });
    await ann.sees('Without it we cannot tell who sent a visitor');
    const link = await ann.field('Your unique referral link').inputValue();
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/r\/[a-z0-9]{8}$/);

    await staff.open('/staff/m/affiliates?page=affiliates');
    await staff.leave(staff.page.locator('.aff-table tbody a').first());
    const affiliatePage = new URL(staff.page.url()).pathname + new URL(staff.page.url()).search;
    // The server's line earns this, and the line of its setup all of its own $15.00: no line earns more than it is.
    await setRate(staff, affiliatePage, '34.99');

    const ben = await stage.stranger();
    await ben.page.goto(link);
    await ben.sees('Hosting that stays up');
    const cookies = await ben.page.context().cookies();
    expect(cookies.find(({ name }) => name === 'affiliates_ref')).toMatchObject({
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
      secure: false,
    });
    await ben.signUp('Ben', 'ben@example.com');
    expect((await ann.readsFigures()).figures).toEqual({ Clicks: '1', Signups: '1', Conversions: '0' });
    await ben.buys('Cloud VPS');
    const missed = await ann.readsFigures();
    expect(missed.figures).toEqual({ Clicks: '1', Signups: '1', Conversions: '1' });
    expect(missed.statement).toMatchObject({
      'Below the $50.00 mark': '$49.99',
      'Available to withdraw': '$0.00',
    });
    await ann.sees('$0.01 more until you can request a withdrawal.');
    expect(await ann.button('Request Withdrawal').isDisabled()).toBe(true);
    await screenshot(ann.page, 'affiliate-missing-a-cent');
    await ann.open('/m/affiliates?page=withdraw');
    await ann.sees('$0.01 more until you can request a withdrawal.');
    await ann.open('/client');
    await ann.sees('$49.99');

    await setRate(staff, affiliatePage, '0.01');
    await ben.buys('Web Hosting S', 'second.example');
    expect((await ann.readsFigures()).statement).toEqual({
      'Below the $50.00 mark': '$0.00',
      'Available to withdraw': '$50.00',
      Withdrawn: '$0.00',
    });
    expect(await ann.readsReferrals()).toEqual({
      rows: [
        {
          'Signed up': 'Mar 2, 2026',
          Name: 'B. D.',
          Product: 'Web Hosting S',
          Status: 'Active',
          Paid: '$60.00',
          Earned: '$50.00',
          'Last commission': 'Mar 2, 2026',
        },
      ],
      total: ['Total', '$60.00', '$50.00'],
    });

    await asksToBePaid(ann, 'Bank transfer', 'Ann Doe, IBAN DE02 1203 0000 0000 2020 51');
    await ann.sees('Your withdrawal of $50.00');
    expect((await ann.readsFigures()).statement).toMatchObject({ 'In an open withdrawal': '$50.00' });
    expect(await ann.button('Request Withdrawal').count()).toBe(0);
    await ann.follow('Open the ticket');
    await ann.sees(
      'I would like to withdraw $50.00 of my affiliate commission. Way to be paid: Bank transfer',
    );
    expect(await ann.reads(/IBAN/)).toBe(false);

    await opensWithdrawal(staff);
    await staff.sees('IBAN DE02 1203 0000 0000 2020 51');
    await staff.fill({ 'Transaction id': 'SEPA-2026-0001' });
    await staff.press('Approve as paid');
    await staff.sees('The withdrawal was approved.');
    await staff.open('/staff/mails');
    await staff.link('Your withdrawal of $50.00 was paid').waitFor();

    expect((await ann.readsFigures()).statement).toEqual({
      'Below the $50.00 mark': '$0.00',
      'Available to withdraw': '$0.00',
      Withdrawn: '$50.00',
    });
    await ann.page.locator('tr', { hasText: 'SEPA-2026-0001' }).getByText('Paid', { exact: true }).waitFor();
    await ann.open('/tickets');
    await ann.follow(/Withdrawal of affiliate commission: \$50\.00/);
    await ann.sees('Your withdrawal of $50.00 was paid.');
  }, 120_000);

  it('pays as account credit, which pays an invoice', async () => {
    const cleo = await stage.affiliate('Cleo');
    const dan = await stage.referral(cleo, 'Dan');
    for (const at of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) await stage.buys(dan, 'vps', `${at}.example`);
    const affiliate = await stage.signedIn(cleo);
    await asksToBePaid(affiliate, 'Account credit');
    const staff = await stage.staff('admin');
    await opensWithdrawal(staff);
    await staff.sees('$55.00 is added to the client’s account credit right away.');
    await staff.press('Approve and add the credit');
    await staff.sees('The withdrawal was approved.');
    expect((await affiliate.readsFigures()).statement).toMatchObject({ Withdrawn: '$55.00' });
    await affiliate.open('/client');
    await affiliate.sees('Account credit: $55.00');
    await affiliate.open('/order/3');
    await affiliate.fill({ 'Domain or name': 'cleo.example' });
    await affiliate.press('Order now');
    await affiliate.page.getByLabel(/Use my account credit/).check();
    await affiliate.press(/^Pay \$/);
    await affiliate.sees('Account credit used');
    await affiliate.open('/client');
    await affiliate.sees('Account credit: $35.00');
  });

  it('makes a denied or cancelled withdrawal available again, and says why', async () => {
    const eve = await stage.affiliate('Eve');
    const fred = await stage.referral(eve, 'Fred');
    for (const at of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) await stage.buys(fred, 'vps', `${at}.example`);
    const affiliate = await stage.signedIn(eve);
    await asksToBePaid(affiliate, 'PayPal', 'eve@example.com');
    const staff = await stage.staff();
    await opensWithdrawal(staff);
    await staff.fill({ Reason: 'This PayPal account is not in your name.' });
    await staff.press('Deny');
    await staff.sees('The withdrawal was denied, and the amount was returned.');
    expect((await affiliate.readsFigures()).statement).toEqual({
      'Below the $50.00 mark': '$0.00',
      'Available to withdraw': '$55.00',
      Withdrawn: '$0.00',
    });
    await affiliate.sees('This PayPal account is not in your name.');
    await screenshot(affiliate.page, 'affiliate-withdrawal-denied');
    await staff.open('/staff/mails');
    await staff.link('Your withdrawal of $55.00 was denied').waitFor();

    await asksToBePaid(affiliate, 'PayPal', 'eve@example.com');
    await affiliate.press('Cancel this request');
    await affiliate.sees('Your request was cancelled, and the amount is available again.');
    expect((await affiliate.readsFigures()).statement).toMatchObject({ 'Available to withdraw': '$55.00' });
    await staff.open('/staff/m/affiliates');
    await staff.sees('No withdrawal is waiting to be decided.');
  });

  it('asks for the details of a payment by hand, and keeps what was typed', async () => {
    const gus = await stage.affiliate('Gus');
    const hal = await stage.referral(gus, 'Hal');
    for (const at of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) await stage.buys(hal, 'vps', `${at}.example`);
    const affiliate = await stage.signedIn(gus);
    await affiliate.open('/m/affiliates?page=withdraw');
    const details = affiliate.field('Payment details');
    expect(await details.isVisible()).toBe(false);
    await affiliate.page.getByLabel('Bank transfer').check();
    expect(await details.isVisible()).toBe(true);
    await affiliate.press(/^Request \$/);
    await affiliate.sees('Please fill in “Payment details”.');
    expect(await affiliate.page.getByLabel('Bank transfer').isChecked()).toBe(true);
  });
});
