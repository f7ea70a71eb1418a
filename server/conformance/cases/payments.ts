/** What is paid, and what of it goes back. */
import type { Case } from './case';

export const PAYMENTS: readonly Case[] = [
  {
    name: 'payment',
    title: 'A client signs up by a link and pays: its affiliate earns of what was paid without tax',
    async run(scene) {
      const affiliate = await scene.affiliate();
      const client = await scene.referral(affiliate);
      const other = await scene.client();
      for (const payer of [client, other]) await scene.payment(payer);
      await scene.deliver();
      await scene.earned(affiliate, scene.units(40), 'After a payment of a referral, and one of nobody’s');
    },
  },
  {
    name: 'paid_twice',
    title: 'A payment is told twice: it earns once',
    async run(scene) {
      const affiliate = await scene.affiliate();
      const invoice = await scene.payment(await scene.referral(affiliate));
      await scene.deliver();
      await scene.portal.step('payInvoice', { invoice });
      await scene.deliver();
      await scene.earned(affiliate, scene.units(40), 'After the same payment came twice');
    },
  },
  {
    name: 'paid_unpaid_paid',
    title: 'A paid invoice is reopened, and paid again: it earns nothing meanwhile, and once in the end',
    async run(scene) {
      const affiliate = await scene.affiliate();
      const invoice = await scene.payment(await scene.referral(affiliate));
      await scene.deliver();
      for (const round of ['first', 'second']) {
        await scene.portal.step('unpayInvoice', { invoice });
        await scene.deliver();
        await scene.earned(affiliate, 0, `While it is unpaid for the ${round} time`);
        await scene.nextSecond();
        await scene.portal.step('payInvoice', { invoice });
        await scene.deliver();
        await scene.earned(affiliate, scene.units(40), `After it was paid again for the ${round} time`);
      }
    },
  },
  {
    name: 'refund_whole',
    title: 'All of a payment is refunded, and the refund told twice: nothing is left, and nothing is owed',
    async run(scene) {
      const affiliate = await scene.affiliate();
      const client = await scene.referral(affiliate);
      await scene.payment(client);
      const invoice = await scene.payment(client);
      await scene.deliver();
      const refund = await scene.refund(invoice, scene.units(480));
      await scene.deliver();
      await scene.refund(invoice, scene.units(480), refund);
      await scene.deliver();
      await scene.earned(affiliate, scene.units(40), 'After one of two payments was refunded, told twice');
    },
  },
  {
    name: 'refund_parts',
    title: 'Two parts of a payment are refunded, equally large: each takes back its own',
    async run(scene) {
      const affiliate = await scene.affiliate();
      const invoice = await scene.payment(await scene.referral(affiliate));
      await scene.deliver();
      const first = await scene.refund(invoice, scene.units(120));
      await scene.deliver();
      await scene.earned(affiliate, scene.units(30), 'After a quarter was refunded');
      await scene.refund(invoice, scene.units(120));
      await scene.deliver();
      await scene.earned(affiliate, scene.units(20), 'After a second quarter was refunded');
      await scene.refund(invoice, scene.units(120), first);
      await scene.deliver();
      await scene.earned(affiliate, scene.units(20), 'After the first refund was told again');
    },
  },
  {
    name: 'discount',
    title: 'A line is discounted: what was charged for it earns',
    async run(scene) {
      const affiliate = await scene.affiliate();
      const client = await scene.referral(affiliate);
      const lines = [{ amount: scene.units(400), discount: scene.units(100) }];
      await scene.portal.step('payInvoice', { invoice: await scene.invoice(client, { lines }) });
      await scene.deliver();
      await scene.earned(affiliate, scene.units(30), 'After a line of 400 less 100 was paid');
    },
  },
  {
    name: 'deposit',
    title: 'Account credit is bought, and then spent: neither is a purchase, and only new money earns',
    async run(scene) {
      const affiliate = await scene.affiliate();
      const client = await scene.referral(affiliate);
      const amount = scene.units(240);
      const bought = await scene.invoice(client, { lines: [{ type: 'deposit', amount }], tax: 0 });
      await scene.portal.step('payInvoice', { invoice: bought });
      await scene.deliver();
      await scene.earned(affiliate, 0, 'After account credit was bought');
      const lines = [{ amount: scene.units(400) }];
      const spent = await scene.invoice(client, { lines, credit: amount });
      await scene.portal.step('payInvoice', { invoice: spent });
      await scene.deliver();
      await scene.earned(affiliate, scene.units(20), 'After half of a payment was account credit');
    },
  },
  {
    name: 'amounts',
    title: 'Amounts arrive to the smallest unit, small ones and large ones',
    async run(scene) {
      const affiliate = await scene.affiliate();
      const client = await scene.referral(affiliate);
      const lines = [{ amount: 10 }, { amount: 20 }, { amount: 123_456_789 }];
      await scene.portal.step('payInvoice', { invoice: await scene.invoice(client, { lines, tax: 0 }) });
      await scene.deliver();
      await scene.earned(
        affiliate,
        1 + 2 + 12_345_679,
        `After ${lines.map(({ amount }) => scene.money(amount)).join(', ')} were paid`,
      );
    },
  },
  {
    name: 'currency',
    title: 'An invoice is in another currency, with other decimals: it earns in that one',
    async run(scene) {
      const affiliate = await scene.affiliate();
      const client = await scene.referral(affiliate);
      // One without decimals, and one with two, of which a portal has at least one beside its own.
      const currency = scene.money(0) === '0' ? 'USD' : 'JPY';
      const lines = [{ amount: scene.units(4000, currency) }];
      await scene.portal.step('payInvoice', { invoice: await scene.invoice(client, { lines, currency }) });
      await scene.deliver();
      await scene.earned(affiliate, scene.units(400, currency), 'After 4000 were paid', currency);
      await scene.earned(affiliate, 0, 'In the program’s own currency');
    },
  },
];
