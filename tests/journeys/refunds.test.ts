/** What becomes of a commission when the money goes back, or the client goes. */
import type { Client } from '../../portal/office/rows';
import { runDailyCron } from '../../portal/office/staff';
import { screenshot } from '../support/browser';
import { describeJourneys, type Stage } from './stage';
import type { Person } from './person';

/** Staff pay money back. @param amount with tax; '' for all of it */
async function refunds(staff: Person, invoice: number, amount: string): Promise<void> {
  await staff.open(`/staff/invoices/${invoice}`);
  await staff.fill({ 'Amount with tax; empty for all of it': amount });
  await staff.press('Refund');
  await staff.sees('The money is on its way back.');
}

/** Ten servers with their set-up: $55.00 of commission. @returns the invoices */
async function buysALot(stage: Stage, client: Client): Promise<number[]> {
  const invoices = [];
  for (let at = 1; at <= 10; at++) invoices.push(await stage.buys(client, 'vps', `${at}.example`));
  return invoices;
}

/** Beyond the clearing days, and the nightly run. */
async function timePasses(stage: Stage): Promise<void> {
  stage.clock.advance({ days: 15 });
  await runDailyCron(stage.office);
  await stage.portal.program.deliver();
}

const statement = async (person: Person) => (await person.readsFigures()).statement;

describeJourneys('A refund', { clearingDays: 14 }, (stage) => {
  it('takes back its part of a commission that still clears, and the rest with the rest', async () => {
    const ann = await stage.affiliate('Ann');
    const invoice = await stage.buys(await stage.referral(ann, 'Al'), 'vps');
    const affiliate = await stage.signedIn(ann);
    expect(await statement(affiliate)).toEqual({
      'Still clearing': '$5.50',
      'Below the $50.00 mark': '$0.00',
      'Available to withdraw': '$0.00',
      Withdrawn: '$0.00',
    });
    const staff = await stage.staff();
    await refunds(staff, invoice, '11.00');
    expect(await statement(affiliate)).toMatchObject({ 'Still clearing': '$4.40' });
    expect((await affiliate.readsReferrals()).rows).toMatchObject([{ Paid: '$44.00', Earned: '$4.40' }]);
    await refunds(staff, invoice, '');
    // It has earned once, which a refund does not undo; only the money is gone.
    expect(await affiliate.readsFigures()).toMatchObject({
      figures: { Signups: '1', Conversions: '1' },
      statement: { 'Still clearing': '$0.00' },
    });
    await affiliate.sees('Taken back after a refund');
  });

  it('after a payout is carried as a debt, until new commissions have made up for it', async () => {
    const ben = await stage.affiliate('Ben');
    const referral = await stage.referral(ben, 'Bo');
    const [invoice = 0] = await buysALot(stage, referral);
    await timePasses(stage);
    await stage.acts.askToBePaid(ben, { method: 'bank', details: 'IBAN DE02 1203 0000 0000 2020 51' });
    await stage.acts.payOut('SEPA-1');
    await refunds(await stage.staff(), invoice, '');

    const affiliate = await stage.signedIn(ben);
    const owed = await statement(affiliate);
    expect(owed).toMatchObject({ 'Available to withdraw': '$0.00', Withdrawn: '$55.00' });
    expect(owed['Below the $50.00 mark']).toBe('-$5.50');
    await affiliate.sees('A refund took back $5.50 that had been paid out already.');
    expect(await affiliate.button('Request Withdrawal').isDisabled()).toBe(true);
    await affiliate.sees('$55.50 more until you can request a withdrawal.');
    await screenshot(affiliate.page, 'affiliate-in-debt');

    await stage.buys(referral, 'vps', 'again.example');
    await timePasses(stage);
    expect(await statement(affiliate)).toMatchObject({ 'Below the $50.00 mark': '$0.00' });
    expect(await affiliate.reads('A refund took back')).toBe(false);
  });

  it('of a referral who then closes the account shows them as closed, with what they paid and earned', async () => {
    const cora = await stage.affiliate('Cora');
    const client = await stage.referral(cora, 'Carl');
    await stage.buys(client, 'vps');
    const carl = await stage.signedIn(client);
    await carl.open('/details');
    await carl.page.getByLabel('Yes, close my account').check();
    await carl.press('Close the account');
    await carl.sees('Your account is closed.');
    const affiliate = await stage.signedIn(cora);
    await affiliate.readsFigures();
    expect((await affiliate.readsReferrals()).rows).toMatchObject([
      { Name: 'C. D.', Status: 'Closed', Paid: '$55.00', Earned: '$5.50' },
    ]);
  });
});

describeJourneys('A merge', { clearingDays: 0 }, (stage) => {
  async function merges(admin: Person, from: Client, to: Client): Promise<void> {
    await admin.open(`/staff/clients/${from.id}`);
    await admin.fill({ 'Merge into client number': String(to.id) });
    await admin.press('Merge');
    await admin.sees('The clients are merged.');
  }

  it('of a referral keeps what it earned, and what the other account pays earns from then on', async () => {
    const ann = await stage.affiliate('Ann');
    const referral = await stage.referral(ann, 'Al');
    await stage.buys(referral, 'vps');
    const other = await stage.client('Albert');
    await merges(await stage.staff('admin'), referral, other);
    stage.clock.advance({ minutes: 1 });
    await stage.buys(other, 's');
    const affiliate = await stage.signedIn(ann);
    expect(await affiliate.readsFigures()).toMatchObject({
      figures: { Signups: '1', Conversions: '1' },
      statement: { 'Below the $50.00 mark': '$6.00' },
    });
  });

  it('of an affiliate gives the other account the program, the link and the money', async () => {
    const ben = await stage.affiliate('Ben');
    await stage.buys(await stage.referral(ben, 'Bo'), 'vps');
    const before = await (await stage.signedIn(ben)).readsFigures();
    const other = await stage.client('Benjamin');
    await merges(await stage.staff('admin'), ben, other);
    const affiliate = await stage.signedIn(other);
    expect(await affiliate.readsFigures()).toEqual(before);
    await affiliate.open('/client');
    await affiliate.sees('commission acquired');
  });
});
