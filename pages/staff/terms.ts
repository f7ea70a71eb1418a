/** What earns how much: the program's default, and the rates of products and affiliates that differ from it. */
import { AffiliatesError } from '../../module/errors';
import type { TermsChange } from '../../module/events/rules';
import type { Staff } from '../../module/module';
import { toDecimal } from '../../module/money';
import { parseRate, type Rate } from '../../module/settings';
import type { TermsView } from '../../module/views';
import type { AreaPage } from '../area';
import { actorName } from '../entry';
import { requestIdOf, required, retyped, typed } from '../form';
import type { PageRequest } from '../page';
import { menuOf } from './menu';
import type { StaffVisit } from './visit';

const SCOPES = ['program', 'product', 'affiliate'] as const;
const RECURRINGS = ['every', 'once'] as const;

export const terms: AreaPage<Staff> = {
  async load(visit, problem) {
    const { module, language } = visit;
    const [current, history] = await Promise.all([module.reads.terms(), module.reads.termsHistory()]);
    const named = (version: TermsView) => ({ ...version, madeBy: actorName(version.madeBy, language) });
    const form = problem.message ? retypedForm(visit.request.body) : formOf(visit, current);
    return {
      template: 'staff/terms',
      title: language.t('staff.menu.terms'),
      model: {
        ...menuOf(visit, 'terms'),
        current: current.filter((version) => version.scope === 'program' || differs(version)).map(named),
        history: history.map(named),
        form,
        scopes: SCOPES.map((value) => ({ value, selected: value === form.scope })),
        recurrings: ['', ...RECURRINGS].map((value) => ({
          value: value || 'inherit',
          written: value,
          selected: value === form.recurring,
        })),
      },
    };
  },

  async submit({ module, who, request }) {
    const { body } = request;
    const change = readChange(body, module.settings.currency);
    await module.acts.changeTerms({ ...change, requestId: requestIdOf(body), staff: who });
    return { page: 'terms', done: 'terms_changed' };
  },
};

interface Form {
  readonly scope: string;
  readonly scopeKey: string;
  readonly rate: string;
  readonly recurring: string;
  readonly clearingDays: string;
}

/** The form filled in with the terms that an address names, for changing them. */
function formOf({ request }: StaffVisit, current: readonly TermsView[]): Form {
  const { query } = request;
  const scope = SCOPES.find((name) => name === query.scope) ?? 'product';
  const scopeKey = scope === 'program' ? '' : (query.key ?? '').slice(0, 64);
  const version = current.find((candidate) => candidate.scope === scope && candidate.scopeKey === scopeKey);
  return {
    scope,
    scopeKey,
    rate: version?.rate && version.rate.kind !== 'steps' ? writeRate(version.rate) : '',
    recurring: typeof version?.recurring === 'string' ? version.recurring : '',
    clearingDays: String(version?.clearingDays ?? ''),
  };
}

function retypedForm(body: PageRequest['body']): Form {
  return retyped(body, 'scope', 'scopeKey', 'rate', 'recurring', 'clearingDays');
}

/** An empty field inherits; the program's own terms inherit from nothing and need all. */
function readChange(body: PageRequest['body'], currency: string): TermsChange {
  const scope = SCOPES.find((name) => name === body.scope);
  if (!scope) throw new AffiliatesError('field_invalid', { field: 'scope' });
  const isProgram = scope === 'program';
  const read = isProgram ? required : typed;
  const scopeKey = isProgram ? '' : required(body, 'scopeKey', 64);
  const rate = read(body, 'rate', 20);
  const recurring = read(body, 'recurring', 10);
  const clearingDays = read(body, 'clearingDays', 3);
  return {
    scope,
    scopeKey,
    rate: rate ? parseRate(rate, currency, 'rate') : null,
    recurring: recurring ? readRecurring(recurring) : null,
    clearingDays: clearingDays ? readDays(clearingDays) : null,
  };
}

function readRecurring(written: string): 'every' | 'once' {
  const recurring = RECURRINGS.find((name) => name === written);
  if (!recurring) throw new AffiliatesError('field_invalid', { field: 'recurring' });
  return recurring;
}

function readDays(written: string): number {
  const days = Number(written);
  if (!/^\d+$/.test(written) || days > 365)
    throw new AffiliatesError('field_invalid', { field: 'clearingDays' });
  return days;
}

/** The rate as `parseRate` reads it. */
function writeRate(rate: Rate): string {
  return rate.kind === 'fixed' ? toDecimal(rate) : `${rate.basisPoints / 100}%`;
}

function differs({ rate, recurring, clearingDays }: TermsView): boolean {
  return rate !== null || recurring !== null || clearingDays !== null;
}
