/** What an invoice would earn, real or thought up. A question in an address: asking it changes nothing. */
import { DateTime } from 'luxon';
import type { ImaginedInvoice, WouldEarn } from '../../module/commissions';
import { AffiliatesError, isAffiliatesError } from '../../module/errors';
import { LINE_KINDS } from '../../module/events/rules';
import type { Staff } from '../../module/module';
import { isCurrency, parseAmount, sum, type Money } from '../../module/money';
import type { AreaPage } from '../area';
import { explain } from '../explain';
import { required, retyped, typed } from '../form';
import { NO_PROBLEM, type Problem } from '../frame';
import type { Language } from '../language';
import type { PageRequest } from '../page';
import { answerOf, describeSteps } from '../why';
import { menuOf } from './menu';
import type { StaffVisit } from './visit';

type Query = PageRequest['query'];

const LINE_NUMBERS = [1, 2, 3, 4] as const;
const FORMS = ['known', 'imagined'] as const;
const LONGEST_ID = 64;
const LONGEST_NUMBER = 20;
const MOST_OF_ONE = 1_000_000;

export const wouldEarn: AreaPage<Staff> = {
  async load(visit) {
    const { language, module, request } = visit;
    const { query } = request;
    const form = FORMS.find((name) => name === query.ask);
    const { answer, problem } = form ? await answered(visit, form) : { answer: null, problem: NO_PROBLEM };
    return {
      template: 'staff/would-earn',
      title: language.t('staff.would'),
      model: {
        ...menuOf(visit, 'evaluations'),
        ...retyped(query, 'invoice', 'paidOn', 'client', 'affiliate'),
        currency: retyped(query, 'currency').currency || module.settings.currency,
        rows: LINE_NUMBERS.map((number) => formRow(query, number)),
        problem: { ...problem, form: form ?? '' },
        answer: answer && describeAnswer(answer, language),
      },
    };
  },
};

function formRow(query: Query, number: number) {
  const [kind, product, amount, quantity] = (['kind', 'product', 'amount', 'quantity'] as const).map((name) =>
    (query[`${name}${number}`] ?? '').slice(0, LONGEST_ID),
  );
  const kinds = LINE_KINDS.map((name) => ({ name, selected: name === (kind || 'service') }));
  return { number, kinds, product, amount, quantity: quantity || '1' };
}

async function answered(
  { module, language, request }: StaffVisit,
  form: (typeof FORMS)[number],
): Promise<{ answer: WouldEarn | null; problem: Problem }> {
  try {
    const { timeZone } = module.settings;
    const at = readDay(typed(request.query, 'paidOn', LONGEST_NUMBER), timeZone) ?? module.now();
    const asked =
      form === 'known'
        ? { invoiceId: required(request.query, 'invoice', LONGEST_ID) }
        : { imagined: readImagined(request.query) };
    return { answer: await module.reads.wouldEarn({ at, ...asked }), problem: NO_PROBLEM };
  } catch (error) {
    if (!isAffiliatesError(error)) throw error;
    return { answer: null, problem: explain(error, language) };
  }
}

/** The end of the day, so that terms made on it hold. */
function readDay(text: string, zone: string): number | null {
  if (!text) return null;
  const day = DateTime.fromFormat(text, 'yyyy-MM-dd', { zone });
  if (!day.isValid) throw new AffiliatesError('field_invalid', { field: 'paidOn' });
  return day.endOf('day').toMillis();
}

function readImagined(query: Query): ImaginedInvoice {
  const clientId = typed(query, 'client', LONGEST_ID);
  const payer = clientId ? { clientId } : { affiliateCode: required(query, 'affiliate', LONGEST_ID) };
  const currency = required(query, 'currency', 3).toUpperCase();
  if (!isCurrency(currency)) throw new AffiliatesError('currency_unknown', { currency });
  const filled = LINE_NUMBERS.filter((number) => typed(query, `amount${number}`, LONGEST_NUMBER));
  if (filled.length === 0) throw new AffiliatesError('field_required', { field: 'amount' });
  return { payer, currency, lines: filled.map((number) => readLine(query, number, currency)) };
}

function readLine(query: Query, number: number, currency: string): ImaginedInvoice['lines'][number] {
  const kind = LINE_KINDS.find((name) => name === query[`kind${number}`]);
  if (!kind) throw new AffiliatesError('field_invalid', { field: 'kind' });
  const amount = parseAmount(required(query, `amount${number}`, LONGEST_NUMBER), currency, 'amount');
  if (amount < 0) throw new AffiliatesError('amount_malformed', { field: 'amount' });
  const quantity = Number(typed(query, `quantity${number}`, LONGEST_NUMBER) || '1');
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > MOST_OF_ONE)
    throw new AffiliatesError('field_invalid', { field: 'quantity' });
  return { kind, amount, quantity, productId: typed(query, `product${number}`, LONGEST_ID) };
}

function describeAnswer({ currency, affiliateId, lines }: WouldEarn, language: Language) {
  const amounts = totals(lines).map((total) => language.money(total.amount, total.currency));
  return {
    sentence:
      amounts.length > 0
        ? language.t('staff.would.answer', { amount: language.list(amounts) })
        : language.t('staff.would.nothing'),
    affiliateId,
    lines: lines.map((line) => {
      const kind = language.t(`kind.${line.kind}`);
      return {
        product: line.product || kind,
        kind,
        outcome: line.evaluation.outcome,
        answer: answerOf(line.evaluation, language),
        found: describeSteps({ ...line, currency }, line.evaluation, language, 'staff'),
        since:
          line.clearsAt === null
            ? ''
            : language.t('why.clearing.would', { date: language.date(line.clearsAt) }),
        shares: line.shares.map((share) => ({
          affiliateId: share.affiliateId,
          title: language.t('staff.line.tier', {
            tier: share.tier,
            answer: answerOf(share.evaluation, language),
          }),
          found: describeSteps({ ...line, currency }, share.evaluation, language, 'staff'),
        })),
      };
    }),
  };
}

/** What the affiliate would earn, per currency that it would be paid in; none for nothing. */
function totals(lines: WouldEarn['lines']): Money[] {
  const earned = lines.map(({ evaluation }) => evaluation).filter(({ amount }) => amount > 0);
  const currencies = [...new Set(earned.map(({ currency }) => currency))];
  return currencies.map((currency) => ({
    currency,
    amount: sum(earned.filter((one) => one.currency === currency).map(({ amount }) => amount)),
  }));
}
