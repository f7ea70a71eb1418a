/** The switch: on a ticket that asks for the program, and on the client's summary. */
import { describeJourneys } from './stage';

describeJourneys('The switch', { clearingDays: 0 }, (stage) => {
  it('stands on an ordinary ticket that asks for the program, and on no other', async () => {
    const ann = await stage.signedIn(await stage.client('Ann'));
    await ann.open('/tickets/new');
    await ann.field('Department').selectOption('Support');
    await ann.fill({ Subject: 'A question', Message: 'Do you have an affiliate program?' });
    await ann.press('Send');
    await ann.open('/tickets/new');
    await ann.field('Department').selectOption('Affiliates');
    await ann.fill({ Subject: 'Your program', Message: 'I would like to become an affiliate of yours.' });
    await ann.press('Send');
    await ann.open('/m/affiliates');
    await ann.sees('Your request is with our team.');

    const staff = await stage.staff();
    await staff.open('/staff/tickets');
    await staff.follow(/A question/);
    await staff.sees('Do you have an affiliate program?');
    expect(await staff.button('Switch the program on').count()).toBe(0);
    await staff.open('/staff/tickets');
    await staff.follow(/Your program/);
    await staff.sees('Asked for the program on');
    await staff.press('Switch the program on');
    await staff.sees('You are an affiliate now.');
    await ann.open('/m/affiliates');
    await ann.sees('Your referral link');
  });

  it('declines a request with a reason, and lets the client ask again', async () => {
    const client = await stage.client('Bea');
    await stage.acts.askForProgram(client);
    const staff = await stage.staff();
    await staff.open('/staff/m/affiliates');
    await staff.follow('Open the ticket');
    await staff.fill({ 'Reason for declining': 'Your site was not reachable.' });
    await staff.press('Decline the request');
    await staff.sees(/We cannot take you into the affiliate program\. Reason: Your site was not reachable\./);
    await staff.open('/staff/mails');
    await staff.link('Nimbus Affiliates: about your request').waitFor();
    const bea = await stage.signedIn(client);
    await bea.open('/m/affiliates');
    await bea.button('Request to become an affiliate').waitFor();
  });

  it('goes off with a reason: nothing new is earned and nothing is lost; and on again', async () => {
    const affiliate = await stage.affiliate('Cid');
    const cookie = await stage.acts.click(affiliate, '');
    const referral = await stage.client('Dora', { cookie });
    await stage.buys(referral, 'vps');
    const cid = await stage.signedIn(affiliate);
    const before = await cid.readsFigures();
    expect(before.statement).toMatchObject({ 'Below the $50.00 mark': '$5.50' });

    const staff = await stage.staff();
    await staff.open(`/staff/clients/${affiliate.id}`);
    await staff.fill({ 'Reason for switching it off': 'Your link was posted as spam.' });
    await staff.press('Switch the program off');
    await staff.sees('Reason: Your link was posted as spam.');
    await staff.open('/staff/mails');
    await staff.link('Nimbus Affiliates: your account was suspended').waitFor();

    await stage.buys(referral, 'vps', 'second.example');
    await stage.client('Emil', { cookie });
    expect(await cid.readsFigures()).toEqual(before);
    await cid.sees('Your affiliate account is suspended: you keep what you have earned');
    await cid.sees('Reason: Your link was posted as spam.');
    await cid.open('/client');
    await cid.sees('Your affiliate account is suspended at the moment.');

    await staff.open(`/staff/clients/${affiliate.id}`);
    await staff.sees('This client was an affiliate and has been suspended.');
    await staff.press('Switch the program on again');
    await staff.sees('Switch the program off');
    stage.clock.advance({ minutes: 1 });
    await stage.buys(referral, 's', 'third.example');
    const after = await cid.readsFigures();
    expect(await cid.reads('Your affiliate account is suspended')).toBe(false);
    expect(after.statement).toMatchObject({ 'Below the $50.00 mark': '$6.00' });
    await staff.open('/staff/m/affiliates?page=audit');
    await staff.sees('Sam Support switched the program off: Your link was posted as spam.');
  });

  it('shows staff what speaks against a client who asks', async () => {
    await stage.affiliate('Fay', { email: 'fay.doe@gmail.com' });
    const twin = await stage.client('Fay', { email: 'faydoe+more@googlemail.com' });
    await stage.acts.askForProgram(twin);
    const staff = await stage.staff();
    await staff.open(`/staff/clients/${twin.id}`);
    await staff.sees('Look at this before switching it on:');
    await staff.sees('Another affiliate has the same or an equivalent mail address.');
  });
});
