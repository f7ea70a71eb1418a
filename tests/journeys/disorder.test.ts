/** What the portal tells, told twice and in the wrong order, comes to the same page. */
import type { HookPoint, HookVars } from '../../portal/hooks';
import { closeClient } from '../../portal/office/clients';
import { cancelInvoice, markUnpaid, payInvoice } from '../../portal/office/payments';
import { refundInvoice } from '../../portal/office/refunds';
import type { Client } from '../../portal/office/rows';
import { runDailyCron } from '../../portal/office/staff';
import { describeJourneys, START, type Stage } from './stage';

/** Tells the program one fact, whenever it is called. */
type Telling = () => Promise<unknown>;

/** What happens to one affiliate's referrals in a month; the names of clients differ, nothing else does. */
async function month(stage: Stage, affiliate: Client): Promise<void> {
  const { office, clock } = stage;
  const email = (name: string) => `${name}.${affiliate.firstname}@example.org`.toLowerCase();
  clock.set(START);
  const cookie = await stage.acts.click(affiliate, '');
  const one = await stage.client('One', { cookie, email: email('one'), country: 'DE' });
  clock.advance({ hours: 1 });
  const two = await stage.client('Two', { cookie, email: email('two') });
  const three = await stage.client('Uno', { cookie, email: email('three') });
  const four = await stage.client('Viv', { cookie, email: email('four') });
  clock.advance({ days: 1 });
  const server = await stage.buys(one, 'vps');
  const site = await stage.buys(two, 'l');
  const name = await stage.buys(two, 'domain');
  const lost = await stage.buys(one, 'm');
  const cancelled = await stage.buys(three, 'm');
  const refunded = await stage.buys(four, 'm');
  clock.advance({ days: 2 });
  await refundInvoice(office, server, { amount: 1190 });
  await markUnpaid(office, site);
  await refundInvoice(office, name, {});
  clock.advance({ hours: 1 });
  await payInvoice(office, site, { useCredit: false, note: 'Card' });
  await cancelInvoice(office, lost);
  await cancelInvoice(office, cancelled);
  await refundInvoice(office, refunded, {});
  clock.advance({ days: 5 });
  await refundInvoice(office, server, { amount: 595 });
  await closeClient(office, two.id);
}

/** Lives through the month while the program hears nothing. @returns what it should have heard */
async function unheard(stage: Stage, affiliate: Client): Promise<Telling[]> {
  const { hooks } = stage.office;
  const tell = hooks.runHook.bind(hooks);
  const tellings: Telling[] = [];
  const deaf = jest
    .spyOn(hooks, 'runHook')
    .mockImplementation(async <P extends HookPoint>(point: P, vars: HookVars[P]) => {
      tellings.push(() => tell(point, vars));
      return [];
    });
  await month(stage, affiliate);
  deaf.mockRestore();
  return tellings;
}

const reversed = (tellings: Telling[]) => [...tellings].reverse();
/** 1, 3, 5 … and then 2, 4, 6 … */
const interleaved = (tellings: Telling[]) =>
  [1, 0].flatMap((rest) => tellings.filter((_, at) => at % 2 === rest));
/** Payments and refunds first, and last of all who these people are. */
const rotated = (tellings: Telling[]) => [...tellings.slice(5), ...tellings.slice(0, 5)];

async function pageOf(stage: Stage, affiliate: Client) {
  const person = await stage.signedIn(affiliate);
  const figures = await person.readsFigures('/m/affiliates?sort=name&dir=asc');
  return { ...figures, referrals: await person.readsReferrals() };
}

describeJourneys('A month told', { clearingDays: 3 }, (stage) => {
  let expected: Awaited<ReturnType<typeof pageOf>>;

  const monthIsOver = () => {
    stage.clock.set(START);
    stage.clock.advance({ days: 30 });
  };

  const nights = async () => {
    monthIsOver();
    await runDailyCron({ ...stage.office, now: () => Date.parse(START) });
    await stage.portal.program.deliver();
  };

  beforeAll(async () => {
    const model = await stage.affiliate('Model');
    await month(stage, model);
    await nights();
    stage.clock.set(START);
  }, 120_000);

  it('in its order comes to what can be reckoned by hand', async () => {
    await nights();
    const model = await stage.office.db('portal_clients').where({ firstname: 'Model' }).first();
    expected = await pageOf(stage, model!);
    // 10 % of 40 + 15 without the 10 and 5 that went back, and of the 20 that were paid again.
    expect(expected).toMatchObject({
      figures: { Clicks: '1', Signups: '4', Conversions: '4' },
      statement: { 'Still clearing': '$0.00', 'Below the $50.00 mark': '$6.00' },
    });
    expect(expected.referrals.rows).toMatchObject([
      { Name: 'O. D.', Status: 'Active', Earned: '$4.00' },
      { Name: 'T. D.', Status: 'Closed', Earned: '$2.00' },
      { Name: 'U. D.', Status: 'Active', Earned: '$0.00' },
      { Name: 'V. D.', Status: 'Active', Earned: '$0.00' },
    ]);
  });

  it.each([
    ['each fact twice, in its order', 'Twice', (tellings: Telling[]) => tellings],
    ['backwards', 'Backward', reversed],
    ['every second fact first', 'Inter', interleaved],
    ['payments before people', 'Rotated', rotated],
  ])('%s comes to the same page', async (_how, name, order) => {
    stage.clock.set(START);
    const affiliate = await stage.affiliate(name);
    const tellings = await unheard(stage, affiliate);
    // The program's own clock does not go back: what happened in the month is heard of when it is over.
    monthIsOver();
    for (const tell of order(tellings)) {
      await tell();
      await tell();
    }
    for (const tell of tellings) await tell();
    await nights();
    expect(await pageOf(stage, affiliate)).toEqual(expected);
  });
});
