/** What was really paid for a line, and how much of a commission a refund takes back. Pure arithmetic. */
import type { EventPayloads, PaidLine } from '../events/rules';
import { allocate, prorate, sum } from '../money';
import type { Price } from './rules';

type Paid = EventPayloads['invoice.paid'];

/**
 * What each line was priced at. `net` is what was actually paid: after its own discount, its share of discount lines
 * and of the invoice's discount, and its share of account credit (which was no new money); without tax. Together
 * never more than the total: where lines say more than was charged, the host has taken something off that it does not
 * tell. The other parts are what was taken off on the way there, and the line's share of the tax.
 * @returns minor units in the order of the lines; all 0 for a line that is itself a discount
 */
export function pricesOfLines({ lines, discount, credit, total }: Paid): Price[] {
  const gross = lines.map((line) => Math.max(0, line.amount));
  const own = lines.map((line) => Math.max(0, sum([line.amount, -line.discount])));
  const afterLines = lines
    .filter((line) => line.amount < 0)
    .reduce((nets, line) => take(nets, -line.amount, beneficiaries(lines, nets, line)), own);
  const discounted = take(afterLines, discount, afterLines);
  const afterDiscount = take(discounted, sum([...discounted, -total]), discounted);
  const netSum = sum(afterDiscount);
  // Credit pays gross amounts: its net part is to the net sum as the credit is to the total.
  const creditNet = total > 0 ? prorate(netSum, BigInt(Math.min(credit, total)), BigInt(total)) : netSum;
  const nets = credit > 0 ? take(afterDiscount, creditNet, afterDiscount) : afterDiscount;
  const paidTax = Math.max(0, sum([total, -Math.min(credit, total), -sum(nets)]));
  const taxes = allocate(paidTax, nets);
  return nets.map((net, index) => ({
    net,
    discount: sum([gross[index] ?? 0, -(afterDiscount[index] ?? 0)]),
    credit: sum([afterDiscount[index] ?? 0, -net]),
    tax: taxes[index] ?? 0,
  }));
}

/** A discount line takes from the lines of its service, or from all where it names none or none of it is left. */
function beneficiaries(
  lines: readonly PaidLine[],
  nets: readonly number[],
  discountLine: PaidLine,
): number[] {
  const ofService = nets.map((net, index) =>
    discountLine.serviceId !== '' && lines[index]?.serviceId === discountLine.serviceId ? net : 0,
  );
  return sum(ofService) > 0 ? ofService : [...nets];
}

/** Takes an amount off, in proportion to the weights, never below zero. */
function take(nets: readonly number[], amount: number, weights: readonly number[]): number[] {
  const parts = allocate(Math.min(Math.max(0, amount), sum(weights)), weights);
  return nets.map((net, index) => Math.max(0, sum([net, -(parts[index] ?? 0)])));
}

/** One refund of an invoice. */
export interface Refund {
  /** Minor units: with tax for the invoice as a whole, without tax for one line; null is all of it. */
  readonly amount: number | null;
  /** '' for the invoice as a whole. */
  readonly lineId: string;
}

/** How much of a line was given back, as an exact fraction between 0 and 1. */
export interface Share {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * Adds up all refunds of an invoice for one line. Refunds are taken together, never one after the other, so that
 * their order changes nothing and a full refund in parts takes back exactly what was earned.
 * @param net the line's net amount, minor units
 * @param charged what was paid for the invoice in new money, with tax, minor units
 */
export function refundedShare(
  refunds: readonly Refund[],
  lineId: string,
  net: number,
  charged: number,
): Share {
  const whole = { numerator: 1n, denominator: 1n };
  const ofLine = refunds.filter((refund) => refund.lineId === lineId);
  const ofInvoice = refunds.filter((refund) => refund.lineId === '');
  if ([...ofLine, ...ofInvoice].some(({ amount }) => amount === null)) return whole;
  if (net <= 0 || charged <= 0) return refunds.length > 0 ? whole : { numerator: 0n, denominator: 1n };
  const lineRefund = BigInt(sum(ofLine.map(({ amount }) => amount ?? 0)));
  const invoiceRefund = BigInt(sum(ofInvoice.map(({ amount }) => amount ?? 0)));
  const numerator = lineRefund * BigInt(charged) + invoiceRefund * BigInt(net);
  const denominator = BigInt(net) * BigInt(charged);
  return numerator >= denominator ? whole : { numerator, denominator };
}

/** @returns the part of an amount that the share takes, in minor units. */
export function partOf(amount: number, { numerator, denominator }: Share): number {
  return prorate(amount, numerator, denominator);
}
