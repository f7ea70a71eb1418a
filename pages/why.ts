/**
 * Why a line earned or not, in sentences: one of lang/ for each thing that a rule found, `why.<rule>.<finding>`, with
 * amounts, rates and dates as people write them, and one for whatever became of the commission since.
 */
import type { CauseView, EntryExplained, EvaluationView, LineView } from '../module/commissions';
import type { Step } from '../module/commissions/rules';
import { applyRate, comesOutEven, exactShare, sum, times } from '../module/money';
import type { Language, Parameters } from './language';

/** Staff read of an affiliate what it reads of itself. */
export type Reader = 'affiliate' | 'staff';

export interface LineModel {
  readonly product: string;
  readonly paidOn: string;
  readonly outcome: EvaluationView['outcome'];
  readonly answer: string;
  /** What each rule found, in order; the last one decided. */
  readonly found: readonly string[];
  /** What became of it since. */
  readonly since: readonly string[];
  /** What was found when it was looked at before, the last time first. */
  readonly before: readonly {
    readonly at: string;
    readonly answer: string;
    readonly found: readonly string[];
  }[];
}

export function describeLine(line: LineView, language: Language, reader: Reader): LineModel {
  const [last, ...earlier] = line.evaluations;
  const kind = language.t(`kind.${line.kind}`);
  const date = language.date(line.paidAt);
  const isShare = line.tier > 1;
  const found = (evaluation: EvaluationView) => describeSteps(line, evaluation, language, reader);
  return {
    product: isShare ? language.t('why.line.share') : line.product || kind,
    paidOn: isShare ? language.t('why.line.shared', { date }) : language.t('why.line.paid', { kind, date }),
    outcome: last?.outcome ?? 'nothing',
    answer: last ? answerOf(last, language) : '',
    found: last ? found(last) : [],
    since: [...clearing(line, language), ...takenBack(line, language)],
    before: earlier.map((evaluation) => ({
      at: language.time(evaluation.evaluatedAt),
      answer: answerOf(evaluation, language),
      found: found(evaluation),
    })),
  };
}

export function answerOf(
  { outcome, amount, currency }: Pick<EvaluationView, 'outcome' | 'amount' | 'currency'>,
  language: Language,
): string {
  return language.t(`why.outcome.${outcome}`, { amount: language.money(amount, currency) });
}

/** What a line is known by where its steps are told. */
type AboutLine = Pick<LineView, 'net' | 'currency' | 'quantity'>;

export function describeSteps(
  line: AboutLine,
  { steps }: Pick<EvaluationView, 'steps'>,
  language: Language,
  reader: Reader,
): string[] {
  return steps.flatMap((step) => describeStep(line, step, language, reader));
}

function describeStep(line: AboutLine, step: Step, language: Language, reader: Reader): string[] {
  const { rule, finding, parameters } = step;
  const known = written(parameters, language);
  const filled = HAS_RATE.has(rule)
    ? { ...known, ...calculation(line, parameters, language), reader }
    : { ...known, reader };
  const { scope, by, count } = parameters;
  const key = `why.${rule}.${finding}`;
  return [
    // Whose rate it is comes before what it comes to.
    ...(rule === 'rate' && typeof scope === 'string' ? [language.t(`why.whose.${scope}`, { reader })] : []),
    ...(typeof by === 'string' && typeof count === 'number' ? [language.t(`why.step.${by}`, { count })] : []),
    language.t(key, filled),
  ];
}

/** The rules that take a rate of something. */
const HAS_RATE: ReadonlySet<Step['rule']> = new Set(['rate', 'share']);

/** Parameters that are amounts in minor units of the `currency` beside them. */
const AMOUNTS: readonly string[] = ['net', 'amount', 'least', 'most', 'used', 'left'];

function written(parameters: Step['parameters'], language: Language): Parameters {
  const { currency, kind, since, converted, to } = parameters;
  const entries = Object.entries(parameters).map(([name, value]) =>
    AMOUNTS.includes(name) && typeof value === 'number' && typeof currency === 'string'
      ? [name, language.money(value, currency)]
      : [name, value],
  );
  return {
    // Every value comes from a step or from the line above.
    ...(Object.fromEntries(entries) as Parameters),
    ...(typeof kind === 'string' && { kind: language.t(`kind.${kind}`) }),
    ...(typeof since === 'number' && { since: language.date(since) }),
    ...(typeof converted === 'number' &&
      typeof to === 'string' && { converted: language.money(converted, to) }),
  };
}

/** How a rate comes to an amount: worked out to the last digit, and rounded. */
function calculation(line: AboutLine, parameters: Step['parameters'], language: Language): Parameters {
  const { basisPoints, fixed, per, currency } = parameters;
  const nothing = { how: 'none', rate: '', base: '', exact: '', rounded: '', quantity: line.quantity };
  if (typeof fixed === 'number' && typeof currency === 'string') {
    const rounded = language.money(times(fixed, line.quantity), currency);
    return {
      ...nothing,
      how: per === 'unit' ? 'unit' : 'fixed',
      rate: language.money(fixed, currency),
      rounded,
    };
  }
  return typeof basisPoints === 'number'
    ? { ...nothing, ...percentage(line, basisPoints, parameters, language) }
    : nothing;
}

function percentage(
  line: AboutLine,
  points: number,
  { base, currency: baseCurrency }: Step['parameters'],
  language: Language,
): Parameters {
  // What it is a share of stands in the step; in older ones it is what was paid.
  const net = typeof base === 'number' ? base : line.net;
  const currency = typeof baseCurrency === 'string' ? baseCurrency : line.currency;
  return {
    how: comesOutEven(net, points) ? 'exact' : 'rounded',
    rate: language.rate({ kind: 'percent', basisPoints: points }),
    base: language.money(net, currency),
    exact: language.exactMoney(exactShare({ amount: net, currency }, points), currency),
    rounded: language.money(applyRate(net, points), currency),
  };
}

function clearing({ commission }: LineView, language: Language): string[] {
  // Of what was taken back as a whole nothing counts, now or ever.
  if (!commission || commission.earned === commission.reversed) return [];
  const { waits, state, clearsAt } = commission;
  // One that is held, or was, has not counted yet.
  const how = waits || state !== 'cleared' ? state : 'at_once';
  return [language.t(`why.clearing.${how}`, { date: language.date(clearsAt) })];
}

function takenBack(line: LineView, language: Language): string[] {
  const { commission, takenBack: taken, net, currency } = line;
  if (!commission || !taken) return [];
  const { reversed } = commission;
  // What earns no more once earned what was found before.
  const earned = commission.earned || Math.max(0, ...line.evaluations.map(({ amount }) => amount));
  const amount = (value: number) => language.money(value, commission.currency);
  return [
    language.t(`why.taken.${taken.reason}`, {
      refunded: language.money(taken.refunded, currency),
      net: language.money(net, currency),
      earned: amount(earned),
      reversed: amount(reversed),
      kept: amount(sum([earned, -reversed])),
    }),
  ];
}

/** @returns what led to an entry that changed a commission, and what it came to in all; nothing for any other */
export function describeChange(
  { kind, amount, currency }: { kind: string; amount: number; currency: string },
  { cause, earned, takenBack: taken }: Pick<EntryExplained, 'cause' | 'earned' | 'takenBack'>,
  language: Language,
): string[] {
  if (!cause) return [];
  return [
    describeCause(cause, language),
    language.t(`why.change.${kind}`, {
      amount: language.money(amount, currency),
      earned: language.money(earned, currency),
      taken: language.money(taken, currency),
    }),
  ];
}

function describeCause({ code, amount, of, currency }: CauseView, language: Language): string {
  return language.t(`why.cause.${code}`, {
    amount: language.money(amount, currency),
    of: language.money(of, currency),
  });
}
