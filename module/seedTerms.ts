import stringify from 'fast-json-stable-stringify';
import { act, type Intake } from './events';
import type { Actor } from './events/rules';
import { allVersions } from './terms';
import { DEFAULT_ORDER } from './terms/rules';
import { nameOf } from './unitOfWork';

/** Who made the versions that came from the settings, so that staff's own changes outlive a restart. */
const SETTINGS_ACTOR: Actor = { kind: 'system' };
const MADE_BY = nameOf(SETTINGS_ACTOR);

/**
 * Brings the program's own terms in line with the settings: makes the first version, and a new one when the settings
 * say something else than when they last made one. What staff changed on the page stays until then.
 */
export async function seedTerms(intake: Intake): Promise<void> {
  const {
    defaultRate,
    recurring,
    clearingDays,
    termsOrder: order,
    payoutCurrency,
    currency,
  } = intake.settings;
  const own = (await allVersions(intake.knex)).filter(
    ({ scope, madeBy }) => scope === 'program' && madeBy === MADE_BY,
  );
  const paysIn = payoutCurrency === 'program' ? currency : null;
  const wanted = { rate: defaultRate, recurring, clearingDays, order, paysIn };
  const [last] = own;
  const said = last && {
    rate: last.rate,
    recurring: last.recurring,
    clearingDays: last.clearingDays,
    order: last.order ?? DEFAULT_ORDER,
    paysIn: last.paysIn ?? null,
  };
  if (said && stringify(said) === stringify(wanted)) return;
  await act(intake, {
    source: 'settings',
    // Several processes may start at once: the one that is first makes the version, the others find it made.
    id: `terms:${own.length}:${stringify(wanted)}`.slice(0, 190),
    type: 'terms.changed',
    occurredAt: intake.now(),
    by: SETTINGS_ACTOR,
    payload: { scope: 'program', scopeKey: '', ...wanted },
  });
}
