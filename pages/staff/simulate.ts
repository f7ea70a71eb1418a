/** What if: what everybody would have earned under another rate, or under terms handed in as text. */
import { spanNamed } from '../../module/calendar';
import { AffiliatesError } from '../../module/errors';
import type { TermsChange } from '../../module/events/rules';
import type { Staff } from '../../module/module';
import type { Simulation, Supposition } from '../../module/replay';
import { readRate, readWrittenTerms } from '../../module/terms';
import type { TermsView } from '../../module/views';
import type { AreaPage, Shown } from '../area';
import { drawPairs } from '../chart';
import { required } from '../form';
import type { Language } from '../language';
import { menuOf } from './menu';
import type { StaffVisit } from './visit';

/** The key of each is known to whoever asks, and there is something to choose from. */
const SCOPES = ['program', 'product', 'affiliate'] as const;
const LONGEST_KEY = 64;
const LONGEST_RATE = 20;
const LONGEST_DAY = 10;
const LONGEST_TEXT = 20_000;
const MOST_BARS = 8;

export const simulate: AreaPage<Staff> = {
  load: (visit) => Promise.resolve(shown(visit, null)),

  async submit(visit) {
    const supposed = await readSupposition(visit);
    return shown(visit, describe(await visit.module.reads.simulate(supposed), supposed, visit.language));
  },
};

function shown(visit: StaffVisit, answer: ReturnType<typeof describe> | null): Shown {
  const { body } = visit.request;
  const scope = SCOPES.find((name) => name === body.scope) ?? 'program';
  const form = Object.fromEntries(
    ['scopeKey', 'rate', 'since', 'terms'].map((name) => [name, (body[name] ?? '').slice(0, LONGEST_TEXT)]),
  );
  return {
    template: 'staff/simulate',
    title: visit.language.t('staff.simulate'),
    model: {
      ...menuOf(visit, 'terms'),
      answer,
      form,
      scopes: SCOPES.map((value) => ({ value, selected: value === scope })),
      mostText: LONGEST_TEXT,
    },
  };
}

async function readSupposition(visit: StaffVisit): Promise<Supposition> {
  const { module, request } = visit;
  const { currency, timeZone } = module.settings;
  const day = spanNamed('day', required(request.body, 'since', LONGEST_DAY), timeZone);
  if (!day) throw new AffiliatesError('field_invalid', { field: 'since' });
  const terms =
    request.body.terms === undefined
      ? [await withOtherRate(visit)]
      : readWrittenTerms(required(request.body, 'terms', LONGEST_TEXT), currency);
  return { terms, since: day.from };
}

/** The terms of a scope as they are now, with another rate. */
async function withOtherRate({ module, request }: StaffVisit): Promise<TermsChange> {
  const { body } = request;
  const scope = SCOPES.find((name) => name === body.scope);
  if (!scope) throw new AffiliatesError('field_invalid', { field: 'scope' });
  const scopeKey = scope === 'program' ? '' : required(body, 'scopeKey', LONGEST_KEY);
  const rate = readRate(required(body, 'rate', LONGEST_RATE), module.settings.currency);
  const version = (await module.reads.terms()).find(
    (candidate) => candidate.scope === scope && candidate.scopeKey === scopeKey,
  );
  if (!version) return { scope, scopeKey, rate, recurring: null, clearingDays: null };
  const said = Object.entries(version).filter(([part]) => !MADE.has(part));
  // What is left of a version without how it was made is a change that says the same.
  return { ...(Object.fromEntries(said) as unknown as TermsChange), rate };
}

/** What a version knows about itself. */
const MADE: ReadonlySet<string> = new Set(['id', 'from', 'madeBy'] satisfies (keyof TermsView)[]);

function describe(simulation: Simulation, { since }: Supposition, language: Language) {
  const { affiliates, totals, replayed, impossible } = simulation;
  const amounts = ({ currency, before, after, difference, lines }: (typeof totals)[number]) => ({
    before: language.money(before, currency),
    after: language.money(after, currency),
    difference: language.money(difference, currency, difference !== 0),
    lines: language.number(lines),
  });
  return {
    sentence: language.t('staff.simulate.answer', {
      count: new Set(affiliates.map(({ affiliateId }) => affiliateId)).size,
      date: language.date(since),
    }),
    replayed,
    impossible,
    rows: [
      ...affiliates.map((row) => ({ id: row.affiliateId, name: nameOf(row), ...amounts(row) })),
      ...totals.map((total) => ({
        id: 0,
        name: language.t('staff.simulate.total', { currency: total.currency }),
        ...amounts(total),
      })),
    ],
    charts: totals.flatMap(({ currency }) => chartsOf(simulation, currency, language)),
  };
}

const nameOf = ({ affiliateId, code }: Simulation['affiliates'][number]) => `${affiliateId} · ${code}`;

/** The chart of a currency; none where nothing would change in it. */
function chartsOf({ affiliates }: Simulation, currency: string, language: Language) {
  const most = affiliates
    .filter((row) => row.currency === currency && row.difference !== 0)
    .sort((one, other) => Math.abs(other.difference) - Math.abs(one.difference))
    .slice(0, MOST_BARS);
  if (most.length === 0) return [];
  const pairs = most.map((row) => ({ label: nameOf(row), before: row.before, after: row.after }));
  const written = (value: number) => language.money(value, currency);
  return [
    {
      label: language.t('staff.simulate.chart', { currency }),
      chart: drawPairs(pairs, written, language.direction === 'rtl'),
    },
  ];
}
