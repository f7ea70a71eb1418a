/** Whatever the rules find, there is a sentence for it in every language. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CAUSES, TAKEN_BACK } from '../../module/commissions';
import { LINE_KINDS } from '../../module/events/rules';
import { COUNTERS, SCOPES } from '../../module/terms/rules';
import { loadLanguages } from '../../pages/language';
import { describeLine } from '../../pages/why';
import { EVALUATIONS, LISTED } from '../commissions/everyFinding';

const ROOT = join(__dirname, '../..');
const LANGUAGES = ['english', 'german', 'arabic'];

/** What a statement can hold, in the words of the type. */
function entryKinds(): string[] {
  const views = readFileSync(join(ROOT, 'module/views.ts'), 'utf8');
  const type = /type EntryKind =(.*?);/s.exec(views)?.[1] ?? '';
  return [...type.matchAll(/'(\w+)'/g)].map(([, kind = '']) => kind);
}

const NEEDED = [
  ...LISTED.map((finding) => `why.${finding}`),
  ...SCOPES.map((scope) => `why.whose.${scope}`),
  ...COUNTERS.map((counter) => `why.step.${counter}`),
  ...['clearing', 'cleared', 'held', 'at_once'].map((state) => `why.clearing.${state}`),
  ...['earned', 'nothing', 'on_hold'].map((outcome) => `why.outcome.${outcome}`),
  ...['reverse', 'reinstate'].map((kind) => `why.change.${kind}`),
  ...TAKEN_BACK.map((reason) => `why.taken.${reason}`),
  ...CAUSES.map((cause) => `why.cause.${cause}`),
  ...entryKinds().map((kind) => `why.entry.${kind}`),
  ...LINE_KINDS.map((kind) => `kind.${kind}`),
];

describe.each(LANGUAGES)('Whoever asks why in %s', (name) => {
  const written = JSON.parse(readFileSync(join(ROOT, 'lang', `${name}.json`), 'utf8')) as object;
  const language = loadLanguages({ language: 'english', timeZone: 'UTC' }).of(name);

  it('finds a sentence for everything that can be found', () => {
    expect(NEEDED.length).toBeGreaterThan(60);
    expect(NEEDED.filter((key) => !(key in written))).toEqual([]);
  });

  it.each(['affiliate', 'staff'] as const)('is told each finding with all it needs, as %s', (reader) => {
    for (const evaluation of EVALUATIONS) {
      const line = {
        tier: 1,
        product: 'Web hosting',
        kind: 'service',
        quantity: 1,
        net: 999,
        currency: 'USD',
      } as const;
      const looked = { ...evaluation, currency: 'USD', number: 1, evaluatedAt: 0 };
      const asked = { ...line, paidAt: 0, evaluations: [looked], commission: null, takenBack: null };
      const { found } = describeLine(asked, language, reader);
      expect(found.length).toBeGreaterThanOrEqual(evaluation.steps.length);
      expect(found.join(' ')).not.toMatch(/[{}]|undefined|NaN/);
    }
  });
});
