/** What earns how much: in which order terms are asked, what each says now, what will hold later and what held once. */
import type { Staff } from '../../module/module';
import { DEFAULT_ORDER, SCOPES } from '../../module/terms/rules';
import type { TermsView } from '../../module/views';
import type { AreaPage, Shown } from '../area';
import { actorName } from '../entry';
import { requestIdOf } from '../form';
import type { Language } from '../language';
import { describeTerms } from '../terms-text';
import { menuOf } from './menu';
import { fieldsOf, LONGEST_TEXT, readChange, RECURRINGS, typedFields, type TermsFields } from './terms-form';
import type { StaffVisit } from './visit';

export const terms: AreaPage<Staff> = {
  load: (visit, problem) => shown(visit, problem.message ? typedFields(visit.request.body) : null),

  async submit(visit) {
    const { module, who, request, language } = visit;
    const change = readChange(request.body, module.settings);
    if (request.body.preview) {
      await module.reads.checkTerms(change);
      const sentences = describeTerms(change, language);
      return shown(visit, typedFields(request.body), sentences);
    }
    await module.acts.changeTerms({ ...change, requestId: requestIdOf(request.body), staff: who });
    return { page: 'terms', done: change.from === undefined ? 'terms_changed' : 'terms_planned' };
  },
};

/** @param typed what was typed, where something was */
async function shown(
  visit: StaffVisit,
  typed: TermsFields | null,
  preview: readonly string[] | null = null,
): Promise<Shown> {
  const { module, language, request } = visit;
  const [current, versions] = await Promise.all([module.reads.terms(), module.reads.termsHistory()]);
  const form = typed ?? fieldsOf(request.query, current);
  const now = module.now();
  const described = (version: TermsView) => describe(version, language);
  const order = current.find(({ scope }) => scope === 'program')?.order ?? DEFAULT_ORDER;
  return {
    template: 'staff/terms',
    title: language.t('staff.menu.terms'),
    model: {
      ...menuOf(visit, 'terms'),
      order: [...order, 'program'],
      current: current.map(described).filter(({ scope, says }) => scope === 'program' || says.length > 0),
      later: versions.filter(({ from }) => from > now).map(described),
      history: byScope(versions.filter(({ from }) => from <= now)).map(described),
      form,
      preview: preview && { scope: form.scope, scopeKey: form.scopeKey, says: preview },
      mostText: LONGEST_TEXT,
      scopes: SCOPES.map((value) => ({ value, selected: value === form.scope })),
      recurrings: ['', ...RECURRINGS].map((value) => ({
        value: value || 'inherit',
        written: value,
        selected: value === form.recurring,
      })),
    },
  };
}

const describe = (version: TermsView, language: Language) => ({
  id: version.id,
  scope: version.scope,
  scopeKey: version.scopeKey,
  from: version.from,
  madeBy: actorName(version.madeBy, language),
  says: describeTerms(version, language),
});

/** @returns the versions of one scope beside each other, the program's first; of each, the newest first as before */
function byScope(versions: readonly TermsView[]): TermsView[] {
  const place = ({ scope }: TermsView) => -SCOPES.indexOf(scope);
  const keyed = (one: TermsView, other: TermsView) =>
    one.scopeKey === other.scopeKey ? 0 : one.scopeKey < other.scopeKey ? -1 : 1;
  return [...versions].sort((one, other) => place(one) - place(other) || keyed(one, other));
}
