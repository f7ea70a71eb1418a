/** Terms in plain sentences, a condition in one: what a person reads who did not write them. */
import type {
  Base,
  Bonuses,
  Comparison,
  Condition,
  Duration,
  Limits,
  TermsContent,
  TermsRate,
} from '../module/terms/rules';
import type { Rate } from '../module/settings';
import type { Language } from './language';

const BASES = ['discount', 'credit', 'tax'] as const;
const BOUNDS = ['lineMinimum', 'lineMaximum', 'referralMaximum', 'periodMaximum'] as const;

/** @returns a sentence for each thing that the terms say; none where they inherit everything */
export function describeTerms(content: TermsContent, language: Language): string[] {
  const { rate, recurring, clearingDays, base, limits, when, shares, bonuses, paysIn } = content;
  return [
    ...(rate ? [describeRate(rate, language)] : []),
    ...(recurring ? [describeDuration(recurring, language)] : []),
    ...(clearingDays === null ? [] : [language.t('terms.says.clearing', { days: clearingDays })]),
    ...(base ? [describeBase(base, language)] : []),
    ...(limits ? describeLimits(limits, language) : []),
    ...(when ? [language.t('terms.says.when', { condition: describeCondition(when, language) })] : []),
    ...(shares ? describeShares(shares, language) : []),
    ...(bonuses ? describeBonuses(bonuses, language) : []),
    ...(paysIn ? [language.t('terms.says.paysIn', { currency: paysIn })] : []),
  ];
}

/** @returns '10% of what is paid.', or all steps in one sentence */
function describeRate(rate: TermsRate, language: Language): string {
  if (rate.kind !== 'steps') return language.t('terms.says.rate', { rate: flat(rate, language) });
  const steps = rate.steps.map((step) =>
    step.upTo === null
      ? language.t('terms.says.step.last', { rate: flat(step.rate, language) })
      : language.t('terms.says.step', { upTo: step.upTo, rate: flat(step.rate, language) }),
  );
  return language.t(`terms.says.steps.${rate.by}`, { steps: language.list(steps) });
}

function flat(rate: Rate, language: Language): string {
  const kind = rate.kind === 'percent' ? 'percent' : rate.per === 'unit' ? 'unit' : 'line';
  return language.t(`terms.says.rate.${kind}`, { rate: language.rate(rate) });
}

function describeDuration(duration: Duration, language: Language): string {
  if (typeof duration === 'string') return language.t(`terms.says.duration.${duration}`);
  return 'payments' in duration
    ? language.t('terms.says.duration.payments', { count: duration.payments })
    : language.t('terms.says.duration.months', { count: duration.months });
}

function describeBase(base: Base, language: Language): string {
  const parts = BASES.filter((part) => base[part]).map((part) => language.t(`terms.says.base.${part}`));
  if (parts.length === 0) return language.t('terms.says.base.net');
  return language.t('terms.says.base', { parts: language.list(parts) });
}

function describeLimits(limits: Limits, language: Language): string[] {
  return BOUNDS.flatMap((bound) => {
    const amount = limits[bound];
    if (amount === null) return [];
    const written = { amount: language.money(amount, limits.currency) };
    const key = bound === 'periodMaximum' ? `${bound}.${limits.period}` : bound;
    return [language.t(`terms.says.limit.${key}`, written)];
  });
}

function describeShares(shares: readonly number[], language: Language): string[] {
  if (shares.length === 0) return [language.t('terms.says.share.none')];
  return shares.map((basisPoints, index) =>
    language.t(`terms.says.share.${index + 2}`, { rate: language.rate({ kind: 'percent', basisPoints }) }),
  );
}

function describeBonuses({ currency, signup, milestones }: Bonuses, language: Language): string[] {
  if (signup === 0 && milestones.length === 0) return [language.t('terms.says.bonus.none')];
  return [
    ...(signup > 0
      ? [language.t('terms.says.bonus.signup', { amount: language.money(signup, currency) })]
      : []),
    ...milestones.map(({ conversions, amount }) =>
      language.t('terms.says.bonus.milestone', {
        count: conversions,
        amount: language.money(amount, currency),
      }),
    ),
  ];
}

/** @returns the condition without a full stop; what is put together stands in brackets, so that it reads one way only */
export function describeCondition(condition: Condition, language: Language): string {
  if ('all' in condition) return joined(condition.all, 'all', language);
  if ('any' in condition) return joined(condition.any, 'any', language);
  return describeComparison(condition, language);
}

function joined(conditions: readonly Condition[], how: 'all' | 'any', language: Language): string {
  const parts = conditions.map((part) => describeCondition(part, language));
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return only;
  const list = parts.reduce((before, part) => language.t('terms.when.next', { before, part }));
  return language.t(`terms.when.${how}`, { list });
}

function describeComparison({ field, operator, value }: Comparison, language: Language): string {
  const name = language.t(`terms.when.field.${field}`);
  return language.t(`terms.when.operator.${operator}`, {
    field: name,
    value: describeValue(value, language),
  });
}

function describeValue(value: Comparison['value'], language: Language): string {
  const quoted = (word: string) => language.t('terms.when.word', { word });
  if (typeof value === 'number') return language.number(value);
  if (typeof value === 'string') return quoted(value);
  if ('amount' in value) return language.money(value.amount, value.currency);
  return language.list(value.map(quoted));
}
