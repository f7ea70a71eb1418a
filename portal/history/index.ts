/**
 * Two years of Nimbus, lived through in a few seconds: clients sign up, order, pay, ask for refunds and leave, by
 * the portal's own functions and the program's own pages, while the clock is moved along day by day.
 */
import { Faker, en } from '@faker-js/faker';
import type { Knex } from 'knex';
import type { Portal } from '../app';
import type { AdjustableClock } from '../clock';
import { isServer } from '../database';
import { products } from '../office/catalogue';
import { closeClient, signUp } from '../office/clients';
import { order } from '../office/invoices';
import { hashPassword } from '../office/passwords';
import { cancelInvoice, payInvoice } from '../office/payments';
import { refundInvoice } from '../office/refunds';
import type { Client } from '../office/rows';
import { runDailyCron } from '../office/staff';
import { openTicket, reply } from '../office/tickets';
import { createActs, type Acts } from './acts';
import * as plan from './plan';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const CRON_EVERY_DAYS = 7;
/** Of everybody who is not named on the start screen. */
const PASSWORD = 'nimbus-demo';

/** @returns the midnight (ms, UTC) on which the history starts; it ends with yesterday */
export function firstDay(): number {
  return Math.floor(Date.now() / DAY_MS) * DAY_MS - plan.DAYS * DAY_MS;
}

/** Makes the history in a portal without clients; afterwards the clock runs with the present. */
export async function makeHistory(portal: Portal, clock: AdjustableClock): Promise<void> {
  try {
    await inOneGo(portal.office.db, () => new History(portal, clock).live());
  } finally {
    clock.set(null);
  }
}

/** Spares SQLite the wait for the disk at each of thousands of commits: nobody relies on a history half made. */
async function inOneGo(db: Knex, act: () => Promise<void>): Promise<void> {
  if (isServer(db)) return act();
  await db.raw('pragma synchronous = off');
  await act();
  await db.raw('pragma synchronous = full');
  await db.raw('pragma wal_checkpoint(truncate)');
}

class History {
  private readonly office: Portal['office'];
  private readonly program: Portal['program'];
  private readonly acts: Acts;
  private readonly faker = new Faker({ locale: en, seed: 20_240_229 });
  private readonly calendar = new Map<number, (() => Promise<unknown>)[]>();
  private readonly clients = new Map<plan.Person, Client>();
  /** What is left of the planned payments, by client. */
  private readonly paymentsLeft = new Map<number, number>();
  private readonly start = firstDay();
  private productIds = new Map<string, number>();
  private hashes = new Map<string, string>();

  constructor(
    portal: Portal,
    private readonly clock: AdjustableClock,
  ) {
    this.office = portal.office;
    this.program = portal.program;
    this.acts = createActs(portal);
  }

  async live(): Promise<void> {
    this.productIds = new Map((await products(this.office.db)).map(({ id, name }) => [name, id]));
    const passwords = [PASSWORD, ...plan.ACCOUNTS.map(({ password }) => password)];
    const hashes = passwords.map(async (password) => [password, await hashPassword(password)] as const);
    this.hashes = new Map(await Promise.all(hashes));
    this.planArrivals();
    this.planAffairs();
    for (let day = 0; day < plan.DAYS; day += 1) {
      for (const [index, act] of (this.calendar.get(day) ?? []).entries()) {
        this.setClock(day, 8, index * 7);
        await act();
        await this.program.deliver();
      }
      if (day % CRON_EVERY_DAYS === 0 || day === plan.DAYS - 1) await this.night(day);
    }
  }

  private setClock(day: number, hour: number, minute = 0): void {
    this.clock.set(this.start + day * DAY_MS + hour * HOUR_MS + minute * 60 * 1000);
  }

  private on(day: number, act: () => Promise<unknown>): void {
    this.calendar.set(day, [...(this.calendar.get(day) ?? []), act]);
  }

  private planArrivals(): void {
    for (const person of plan.OTHERS) this.on(person.day, () => this.arrive(person, ''));
    for (const affiliate of plan.AFFILIATES) {
      this.on(affiliate.day, () => this.arrive(affiliate, ''));
      this.on(affiliate.asks, () => this.ask(affiliate));
      this.on(affiliate.asks + 1, () => this.acts.switchOn(this.clientOf(affiliate)));
      for (const referral of affiliate.refers) {
        for (const before of [9, 4, 1]) this.on(referral.day - before, () => this.click(affiliate));
        this.on(referral.day, async () => this.arrive(referral, await this.click(affiliate)));
      }
    }
  }

  /** What happened beside the ordinary. */
  private planAffairs(): void {
    const { star, steady, suspended, pending, fresh } = plan.NAMED;
    this.on(120, () => this.click(star, 'newsletter'));
    this.on(275, () => this.refund(pending.refers[0], 1000));
    this.on(303, () => this.refund(steady.refers[2]));
    const paypal = { method: 'paypal', details: star.email };
    this.on(380, () => this.acts.askToBePaid(this.clientOf(star), paypal));
    this.on(383, () => this.acts.payOut('PP-7H2K-0381'));
    this.on(390, () => this.refund(star.refers[0]));
    this.on(397, async () => this.arrive(plan.SELF_REFERRAL, await this.click(suspended)));
    const reason = 'You signed up through your own link with a second address.';
    this.on(400, () => this.acts.switchOff(this.clientOf(suspended), reason));
    this.on(452, () => this.refund(star.refers[4], 500));
    this.on(640, () => this.askForHelp());
    this.on(720, () => this.click(fresh));
    this.on(722, () => this.click(fresh, 'spring'));
    const bank = { method: 'bank', details: 'IBAN DE02 1203 0000 0000 2020 51' };
    this.on(724, () => this.acts.askToBePaid(this.clientOf(pending), bank));
    // This request waits for staff when the portal opens.
    this.on(727, async () => this.acts.askForProgram(await this.arrive(plan.ASKING, '')));
  }

  private clientOf(person: plan.Person | undefined): Client {
    const client = person && this.clients.get(person);
    if (!client) throw new Error('The history tells of somebody before they came');
    return client;
  }

  /** A person signs up and perhaps buys something. */
  private async arrive(person: plan.Person, cookie: string): Promise<Client> {
    const { firstname = this.faker.person.firstName(), lastname = this.faker.person.lastName() } = person;
    const { country = 'US', language = 'english', payments = Infinity } = person;
    const spelled = `${firstname}.${lastname}`.toLowerCase().replace(/[^a-z.]/g, '');
    const email = person.email ?? `${spelled}@example.org`;
    const password = plan.ACCOUNTS.find((account) => account.email === email)?.password ?? PASSWORD;
    const passwordHash = this.hashes.get(password) ?? '';
    const details = { firstname, lastname, companyname: '', email, country, language };
    const client = await signUp(this.office, { ...details, passwordHash, cookie, ip: '' });
    this.clients.set(person, client);
    this.paymentsLeft.set(client.id, payments);
    if (person.buys) await this.buy(client, person.buys);
    return client;
  }

  private async buy(client: Client, product: keyof typeof plan.PRODUCTS): Promise<void> {
    const name = client.lastname.toLowerCase().replace(/[^a-z]/g, '');
    const productId = this.productIds.get(plan.PRODUCTS[product]) ?? 0;
    await this.pay(
      client.id,
      await order(this.office, client.id, { productId, label: `${name}.example.com` }),
    );
  }

  private async pay(clientId: number, invoiceId: number): Promise<void> {
    this.paymentsLeft.set(clientId, (this.paymentsLeft.get(clientId) ?? 0) - 1);
    await payInvoice(this.office, invoiceId, { useCredit: false, note: 'Card' });
  }

  /** The cron raises renewals; whoever still has payments left pays at once, and the others leave. */
  private async night(day: number): Promise<void> {
    this.setClock(day, 20);
    await runDailyCron(this.office);
    const unpaid = await this.office.db('portal_invoices').where({ status: 'Unpaid' });
    const acts = unpaid.map(async ({ id, client_id }) => {
      if ((this.paymentsLeft.get(client_id) ?? 0) > 0) return this.pay(client_id, id);
      await cancelInvoice(this.office, id);
      await closeClient(this.office, client_id);
    });
    await Promise.all(acts);
    await this.program.deliver();
  }

  private click(affiliate: plan.Affiliate, campaign = ''): Promise<string> {
    return this.acts.click(this.clientOf(affiliate), campaign);
  }

  private async ask(affiliate: plan.Affiliate): Promise<void> {
    const client = this.clientOf(affiliate);
    if (affiliate.asksBy === 'page') return this.acts.askForProgram(client);
    await openTicket(this.office, {
      clientId: client.id,
      department: 'Affiliates',
      subject: 'Affiliate program',
      message: 'Hello, I recommend you to my own customers and would like to join the affiliate program.',
    });
  }

  /** Pays back the client's latest paid invoice. @param amount cents with tax; absent: all of it */
  private async refund(person: plan.Person | undefined, amount?: number): Promise<void> {
    const where = { client_id: this.clientOf(person).id, status: 'Paid' as const };
    const invoice = await this.office.db('portal_invoices').where(where).orderBy('id', 'desc').first();
    await refundInvoice(this.office, invoice?.id ?? 0, { amount });
  }

  private async askForHelp(): Promise<void> {
    const ticketId = await openTicket(this.office, {
      clientId: this.clientOf(plan.OTHERS.find(({ email }) => email === plan.ACCOUNTS[0].email)).id,
      department: 'Support',
      subject: 'Moving a domain to you',
      message: 'Hello, how do I move a domain that is registered elsewhere?',
    });
    const message = 'Hello Clara, send us its transfer code and we do the rest.';
    await this.office.db.transaction((trx) =>
      reply(trx, this.office.now(), ticketId, { author: 'staff', name: 'Sam Support', message }),
    );
  }
}
