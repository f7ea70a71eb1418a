/** Conditions: each field and operator, joined by all and any, and what the host did not tell. */
import type { Comparison, Condition, Field, Operator } from '../../module/terms/rules';
import { itEarns, percent, version, type Case } from './given';

const is = (field: Field, operator: Operator, value: Comparison['value']): Condition => ({
  field,
  operator,
  value,
});
const usd = (amount: number) => ({ amount, currency: 'USD' });

/** 20 % on the product where the condition is met, else the program's 10 %. */
const when = (condition: Condition, context: Case['context'] = {}): Case => ({
  context,
  more: [version('product', 'web-1', { rate: percent(2000), when: condition })],
});
const YES = 2000;
const NO = 1000;

describe('A comparison of words', () => {
  itEarns([
    ['kind is domain: a domain', when(is('kind', 'is', 'domain')), YES],
    ['kind is service: not a domain', when(is('kind', 'is', 'service')), NO],
    ['kind is not service: a domain', when(is('kind', 'isNot', 'service')), YES],
    ['kind is not domain: not a domain', when(is('kind', 'isNot', 'domain')), NO],
    ['product is web-1', when(is('product', 'is', 'web-1')), YES],
    ['product group is one of hosting and mail', when(is('productGroup', 'in', ['hosting', 'mail'])), YES],
    ['product group is one of mail alone: not hosting', when(is('productGroup', 'in', ['mail'])), NO],
    ['product group is none of mail', when(is('productGroup', 'notIn', ['mail'])), YES],
    [
      'product group is none of hosting and mail: not hosting',
      when(is('productGroup', 'notIn', ['hosting', 'mail'])),
      NO,
    ],
    ['cycle is annually: not monthly', when(is('cycle', 'is', 'annually')), NO],
    ['cycle is Monthly: capitals do not matter', when(is('cycle', 'is', ' Monthly ')), YES],
    ['top level is one of .uk and .co.uk', when(is('tld', 'in', ['.uk', '.co.uk'])), YES],
    ['currency is not EUR: dollars', when(is('currency', 'isNot', 'EUR')), YES],
    ['country is one of DE, AT and CH', when(is('country', 'in', ['DE', 'AT', 'CH'])), YES],
    ['country is US: not Germany', when(is('country', 'is', 'US')), NO],
    ['campaign is spring', when(is('campaign', 'is', 'spring')), YES],
    ['coupon is SAVE10', when(is('coupon', 'is', 'SAVE10')), YES],
  ]);
});

describe('A comparison of numbers', () => {
  const three = { quantity: 3 };
  itEarns([
    ['quantity is 3', when(is('quantity', 'is', 3), three), YES],
    ['quantity is 2: not 3', when(is('quantity', 'is', 2), three), NO],
    ['quantity is not 2', when(is('quantity', 'isNot', 2), three), YES],
    ['quantity less than 3: not 3 itself', when(is('quantity', 'less', 3), three), NO],
    ['quantity less than 4', when(is('quantity', 'less', 4), three), YES],
    ['quantity at most 3', when(is('quantity', 'atMost', 3), three), YES],
    ['quantity at most 2: not 3', when(is('quantity', 'atMost', 2), three), NO],
    ['quantity more than 3: not 3 itself', when(is('quantity', 'more', 3), three), NO],
    ['quantity more than 2', when(is('quantity', 'more', 2), three), YES],
    ['quantity at least 3', when(is('quantity', 'atLeast', 3), three), YES],
    ['quantity at least 4: not 3', when(is('quantity', 'atLeast', 4), three), NO],
    ['the client signed up less than 30 days ago: 10 days', when(is('clientDays', 'less', 30)), YES],
    ['the client signed up at least 30 days ago: not 10', when(is('clientDays', 'atLeast', 30)), NO],
  ]);
});

describe('A comparison of amounts', () => {
  const euros = { amount: { amount: 10_000, currency: 'EUR' } };
  itEarns([
    ['amount at least $100.00: exactly that', when(is('amount', 'atLeast', usd(10_000))), YES],
    ['amount more than $100.00: not that itself', when(is('amount', 'more', usd(10_000))), NO],
    ['amount less than $100.01', when(is('amount', 'less', usd(10_001))), YES],
    ['amount at most $99.99: not $100.00', when(is('amount', 'atMost', usd(9999))), NO],
    ['total more than $100.00: $119.00 with tax', when(is('total', 'more', usd(10_000))), YES],
    ['total is $119.00', when(is('total', 'is', usd(11_900))), YES],
    [
      'amount at least $1.00: euros have no order with dollars',
      when(is('amount', 'atLeast', usd(100)), euros),
      NO,
    ],
    ['amount at most $1,000,000.00: neither way', when(is('amount', 'atMost', usd(100_000_000)), euros), NO],
    ['amount is $100.00: not €100.00', when(is('amount', 'is', usd(10_000)), euros), NO],
    ['amount is not $100.00: €100.00 is not', when(is('amount', 'isNot', usd(10_000)), euros), YES],
  ]);
});

describe('What the host did not tell', () => {
  const untold = { country: '', clientDays: null, coupon: '' };
  itEarns([
    ['country is DE: unknown is not', when(is('country', 'is', 'DE'), untold), NO],
    ['country is one of DE and AT: unknown is none', when(is('country', 'in', ['DE', 'AT']), untold), NO],
    ['country is not DE: unknown is not', when(is('country', 'isNot', 'DE'), untold), YES],
    [
      'country is none of DE and AT: unknown is none',
      when(is('country', 'notIn', ['DE', 'AT']), untold),
      YES,
    ],
    [
      'the client signed up less than 30 days ago: unknown is not',
      when(is('clientDays', 'less', 30), untold),
      NO,
    ],
    [
      'the client signed up at least 0 days ago: unknown is not',
      when(is('clientDays', 'atLeast', 0), untold),
      NO,
    ],
    [
      'the client did not sign up 5 days ago: unknown did not',
      when(is('clientDays', 'isNot', 5), untold),
      YES,
    ],
  ]);
});

const TRUE = is('kind', 'is', 'domain');
const FALSE = is('kind', 'is', 'service');

describe('Conditions joined', () => {
  itEarns([
    ['all of two that are met', when({ all: [TRUE, TRUE] }), YES],
    ['all of two of which one is not met', when({ all: [TRUE, FALSE] }), NO],
    ['any of two of which one is met', when({ any: [FALSE, TRUE] }), YES],
    ['any of two that are not met', when({ any: [FALSE, FALSE] }), NO],
    ['all of one met and any of one met', when({ all: [TRUE, { any: [FALSE, TRUE] }] }), YES],
    ['any of all with one that is not met', when({ any: [{ all: [TRUE, FALSE] }, FALSE] }), NO],
    ['any of all that are met', when({ any: [{ all: [TRUE, TRUE] }, FALSE] }), YES],
    ['all of any of all, three deep', when({ all: [{ any: [FALSE, { all: [TRUE, TRUE] }] }, TRUE] }), YES],
  ]);
});
