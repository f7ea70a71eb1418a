/** A paid line with everything that is known of it, as staff see it. */
import type { EvaluationDetails, LineDetails } from '../../module/commissions';
import type { Language } from '../language';
import { answerOf, describeLine, describeSteps, type LineModel } from '../why';

export interface StaffLineModel extends LineModel {
  readonly clientId: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly refunds: readonly string[];
  /** What those above the affiliate earned, the first of each tier the last found. */
  readonly shares: readonly { readonly title: string; readonly found: readonly string[] }[];
  readonly evaluations: readonly {
    readonly title: string;
    readonly code: string;
    readonly affiliateId: number | null;
    readonly referralId: string | null;
    readonly termsId: string | null;
    readonly steps: readonly { readonly rule: string; readonly finding: string; readonly inputs: string }[];
  }[];
  readonly commissions: readonly CommissionModel[];
}

interface CommissionModel {
  readonly title: string;
  readonly affiliateId: number;
  readonly state: string;
  readonly currency: string;
  /** JSON, as it is kept. */
  readonly terms: string;
  readonly postings: LineDetails['commissions'][number]['postings'];
}

export function describeForStaff(line: LineDetails, language: Language): StaffLineModel {
  return {
    ...describeLine(line, language, 'staff'),
    clientId: line.clientId,
    facts: factsOf(line, language),
    refunds: line.refunds.map((refund) => refundSentence(refund, line, language)),
    shares: line.shares.map((share) => ({
      title: language.t('staff.line.tier', { tier: share.tier, answer: answerOf(share, language) }),
      found: describeSteps(line, share, language, 'staff'),
    })),
    evaluations: [...line.evaluations, ...line.shares].map((evaluation) =>
      toEvaluation(evaluation, language),
    ),
    commissions: line.commissions.map((commission) => toCommission(commission, language)),
  };
}

function factsOf(line: LineDetails, language: Language): StaffLineModel['facts'] {
  const facts: [label: string, value: string][] = [
    ['field.invoice', line.invoiceId],
    ['staff.line.line', line.lineId],
    ['field.product', line.productId],
    ['staff.line.service', line.serviceId],
    ['field.quantity', language.number(line.quantity)],
    ['staff.line.net', language.money(line.net, line.currency)],
    ['staff.line.charged', language.money(line.charged, line.currency)],
    ['staff.line.status', language.t(`staff.line.status.${line.invoiceStatus}`)],
  ];
  return facts.filter(([, value]) => value).map(([label, value]) => ({ label: language.t(label), value }));
}

function refundSentence(
  { refundId, amount, lineId, at, reversedAt }: LineDetails['refunds'][number],
  { currency }: LineDetails,
  language: Language,
): string {
  const refund = language.t('staff.line.refund', {
    of: amount === null ? 'all' : lineId ? 'line' : 'invoice',
    amount: language.money(amount ?? 0, currency),
    date: language.date(at),
    number: refundId,
  });
  if (reversedAt === null) return refund;
  return language.t('staff.line.refund.reversed', { refund, date: language.date(reversedAt) });
}

function toEvaluation(
  { number, evaluatedAt, code, steps, affiliateId, referralId, termsId }: EvaluationDetails,
  language: Language,
): StaffLineModel['evaluations'][number] {
  const time = language.time(evaluatedAt);
  return {
    title: language.t('staff.line.evaluation', { number, time }),
    code,
    affiliateId,
    referralId,
    termsId,
    steps: steps.map(({ rule, finding, parameters }) => ({
      rule,
      finding,
      inputs: Object.entries(parameters)
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
    })),
  };
}

function toCommission(
  { id, tier, affiliateId, currency, earned, reversed, state, clearsAt, terms, postings }: CommissionDetails,
  language: Language,
): CommissionModel {
  return {
    title: language.t('staff.line.commission', { id, tier }),
    affiliateId,
    currency,
    state: language.t('staff.line.state', {
      state,
      earned: language.money(earned, currency),
      reversed: language.money(reversed, currency),
      date: language.date(clearsAt),
    }),
    terms,
    postings,
  };
}

type CommissionDetails = LineDetails['commissions'][number];
