/** What a case works with: people and invoices at the portal, and what came of them in the program. */
import { setTimeout } from 'node:timers/promises';
import { ulid } from 'ulid';
import { applyRate, decimalsOf, sum, toDecimal, writeMoney } from '../../module/money';
import type { Acts } from '../../module/module';
import type { AffiliateView } from '../../module/views';
import type { Way } from './front';
import type { Notes } from './notes';
import { Wrong, type Portal, type Told } from './steps';
import type { Trial } from './trial';

export interface Line {
  readonly type?: 'service' | 'deposit';
  /** Minor units, without tax. */
  readonly amount: number;
  /** Minor units, without tax. */
  readonly discount?: number;
}

export interface InvoiceWanted {
  readonly lines: readonly Line[];
  readonly currency?: string;
  /** Basis points; 20 % unless given. */
  readonly tax?: number;
  /** Minor units of account credit. */
  readonly credit?: number;
}

export interface Scene {
  readonly portal: Portal;
  readonly trial: Trial;
  /** The program's own. */
  readonly currency: string;
  /** @returns so many whole units of a currency (the program's own unless given), in minor units */
  units(count: number, currency?: string): number;
  money(amount: number, currency?: string): string;
  client(person?: Partial<Told<'addClient'>>): Promise<string>;
  /** A client for whom the program is switched on. */
  affiliate(): Promise<AffiliateView>;
  /** A client who signs up by the affiliate's link. */
  referral(affiliate: AffiliateView): Promise<string>;
  invoice(client: string, wanted: InvoiceWanted): Promise<string>;
  /** An invoice of one service over 400, and 480 with tax, that is paid: 40 are earned of it. @returns its id */
  payment(client: string): Promise<string>;
  refund(invoice: string, amount: number, refund?: string): Promise<string>;
  /** Has the portal send what waits. @throws Wrong where something stays behind */
  deliver(): Promise<void>;
  become(way: Way, heldHook?: string): void;
  /** @throws Wrong unless that is what the affiliate has earned by now */
  earned(affiliate: AffiliateView, amount: number, when: string, currency?: string): Promise<void>;
  /** What came along since the case began. */
  readonly notes: Notes;
  /** Waits until what comes is later than what was, also for a portal whose times are of whole seconds. */
  nextSecond(): Promise<void>;
  /** ms, UTC */
  now(): number;
}

export interface SceneParts {
  readonly portal: Portal;
  readonly trial: Trial;
  readonly currency: string;
  readonly notes: Notes;
  readonly now: () => number;
}

const SECOND_MS = 1000;
const TAX = 2000;
const PERCENT = 100;
/** Nobody signs in with it; what is sent must not hold it. */
export const PASSWORD = 'correct horse battery staple';
export const STAFF = { id: '1', name: 'Conformance' };
/** A portal may send in batches: a queue of few events is empty by then. */
const MOST_ROUNDS = 5;

export function createScene(parts: SceneParts): Scene {
  const { portal, trial, currency: own, notes, now } = parts;
  const money = (amount: number, currency = own) => toDecimal({ amount, currency });
  const units = (count: number, currency = own) => count * 10 ** decimalsOf(currency);
  const deliver = async () => {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const { waiting } = await portal.step('deliver', {});
      if (waiting === 0) return;
    }
    throw new Wrong('deliver: something still waits although the service answers.');
  };
  const client: Scene['client'] = async (wanted = {}) => {
    const person = { ...newPerson(), ...wanted };
    const { id } = await portal.step('addClient', person);
    notes.cookies.set(id, person.cookie);
    return id;
  };
  const invoice: Scene['invoice'] = async (of, wanted) =>
    (await portal.step('addInvoice', { client: of, ...writeInvoice(wanted, own) })).id;
  return {
    portal,
    trial,
    currency: own,
    units,
    money,
    deliver,
    client,
    invoice,
    notes,
    now,
    nextSecond: () => setTimeout(SECOND_MS - (now() % SECOND_MS)),
    become: trial.front.become,
    async affiliate() {
      const clientId = await client();
      await deliver();
      return makeAffiliate(trial, clientId);
    },
    referral: async ({ code }) => client({ cookie: await trial.click(code) }),
    async payment(of) {
      const id = await invoice(of, { lines: [{ amount: units(400) }] });
      await portal.step('payInvoice', { invoice: id });
      return id;
    },
    refund: async (of, amount, refund) =>
      (
        await portal.step('refundInvoice', {
          invoice: of,
          amount: money(amount),
          ...(refund !== undefined && { refund }),
        })
      ).id,
    async earned(affiliate, amount, when, currency = own) {
      const statements = await trial.reads.statements(affiliate.id);
      const acquired = statements.find((one) => one.currency === currency)?.acquired ?? 0;
      if (acquired === amount) return;
      const [was, should] = [acquired, amount].map((minor) => writeMoney({ amount: minor, currency }));
      throw new Wrong(`${when}, ${was} are earned, and should be ${should}.`);
    },
  };
}

/** Everybody lives somewhere else: who shares an address with its affiliate is looked at by staff. */
function newPerson(): Told<'addClient'> {
  const name = ulid().slice(-10).toLowerCase();
  return {
    firstname: 'Casey',
    lastname: `Example ${name}`,
    email: `${name}@conformance.example`,
    address1: `${name} Street`,
    postcode: name.slice(0, 5),
    country: 'DE',
    password: PASSWORD,
    cookie: '',
  };
}

async function makeAffiliate({ actsBefore, reads }: Trial, clientId: string): Promise<AffiliateView> {
  await switchOn(actsBefore, clientId);
  const affiliate = await reads.affiliateOfClient(clientId);
  if (!affiliate) throw new Error('a switch that is on makes an affiliate');
  return affiliate;
}

/** @param ticketId where the client asked for it; '' for nowhere */
export async function switchOn(acts: Acts, clientId: string, ticketId = ''): Promise<void> {
  const facts = { clientId, emailHash: '', userId: '', locale: 'en', reason: '', ticketId };
  await acts.switchAffiliate({ ...facts, requestId: ulid(), staff: STAFF, on: true });
}

function writeInvoice(
  { lines, currency: code, tax: rate = TAX, credit }: InvoiceWanted,
  own: string,
): Omit<Told<'addInvoice'>, 'client'> {
  const currency = code ?? own;
  const write = (amount: number) => toDecimal({ amount, currency });
  const net = sum(lines.map(({ amount, discount = 0 }) => amount - discount));
  const tax = applyRate(net, rate);
  return {
    currency,
    lines: lines.map(({ type = 'service', amount, discount }) => ({
      type,
      description: type === 'service' ? 'Conformance hosting' : 'Account credit',
      amount: write(amount),
      ...(discount !== undefined && { discount: write(discount) }),
    })),
    taxrate: String(rate / PERCENT),
    tax: write(tax),
    total: write(sum([net, tax])),
    ...(credit !== undefined && { credit: write(credit) }),
  };
}
