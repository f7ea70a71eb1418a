/** Compares what a source says of an affiliate with what is kept here, and says what there is to do. Only reads. */
import type { Knex } from 'knex';
import { affiliateByClient, affiliateById } from '../affiliates';
import { earningInvoices } from '../commissions';
import type { ImportedHistory, ImportedLine } from '../events/rules';
import { sum, toDecimal } from '../money';
import { clientState, isOwnPerson, knownServices, referralOfClient } from '../referrals';
import { versionsFor } from '../terms';
import type { AffiliateView } from '../views';
import { importOf, inParts, linesOf, unknownHistory, type ImportRow } from './queries';
import { note } from './reading';
import {
  changedLines,
  clearedOf,
  figuresFrom,
  figuresOf,
  lessFigures,
  NO_OPENING,
  sameFigures,
  type EarlierAffiliate,
  type EarlierReferral,
  type Figures,
  type KeptLine,
  type Note,
} from './rules';

/** What is to be brought over of one affiliate. */
export interface Plan {
  readonly affiliate: EarlierAffiliate;
  /** Its number here; null where it has none yet. */
  readonly affiliateId: number | null;
  /** Counts the events that it came over by; 0: it never did. */
  readonly version: number;
  /** Why nothing of it comes over; null: it does. */
  readonly refusal: Note | null;
  /** Whether anything of the affiliate itself or of its money is news. */
  readonly isNews: boolean;
  readonly source: Figures;
  /** By how much each figure changes. */
  readonly change: Figures;
  readonly pending: readonly ImportedLine[];
  readonly gone: readonly string[];
  readonly referrals: readonly EarlierReferral[];
  /** How many of its referrals came over before. */
  readonly knownReferrals: number;
  readonly history: readonly ImportedHistory[];
  /** From when on what its referrals pay is this program's; null: from the import on; ms, UTC. */
  readonly earnsFrom: number | null;
  readonly notes: readonly Note[];
}

const MOST_IDS = 500;

/** @param offSince when the earlier program was switched off; null where that was not told; ms, UTC */
export async function planOf(
  knex: Knex,
  affiliate: EarlierAffiliate,
  offSince: number | null,
): Promise<Plan> {
  const known = await importOf(knex, affiliate.legacyId);
  const beginning = beginningOf(known, offSince);
  const here = known
    ? await affiliateById(knex, known.affiliate_id)
    : await affiliateByClient(knex, affiliate.clientId);
  const lines = await linesOf(knex, affiliate.legacyId);
  const changed = changedLines(affiliate.pending, lines);
  const history = await unknownHistory(knex, affiliate.history);
  const source = figuresOf(affiliate);
  const change = lessFigures(source, figuresFrom(known ?? NO_OPENING, stillPending(affiliate, lines)));
  const referrals = await planReferrals(knex, affiliate, here, beginning.isEarlier);
  const refusal = await refusalOf(knex, affiliate, known, [...changed.pending, ...history]);
  return {
    affiliate,
    affiliateId: here?.id ?? null,
    version: known?.version ?? 0,
    refusal,
    isNews:
      isNews(affiliate, known, change) ||
      beginning.isEarlier ||
      changed.pending.length > 0 ||
      changed.gone.length > 0,
    source,
    change,
    ...changed,
    referrals: referrals.wanted,
    knownReferrals: referrals.known,
    history,
    earnsFrom: beginning.from,
    notes: [
      ...(beginning.isKept ? [note('off_since_kept')] : []),
      ...affiliate.notes,
      ...(await notesOf(knex, affiliate, { known, here, change, lines })),
      ...referrals.notes,
    ],
  };
}

/** From when on what its referrals pay is this program's. */
interface Beginning {
  /** null: from the import on; ms, UTC */
  readonly from: number | null;
  /** Whether that is earlier than it was. */
  readonly isEarlier: boolean;
  /** Whether a later time was told, which takes nothing back. */
  readonly isKept: boolean;
}

function beginningOf(known: ImportRow | null, offSince: number | null): Beginning {
  const before = known && (known.earns_from ?? known.imported_at);
  if (offSince !== null && (before === null || offSince < before))
    return { from: offSince, isEarlier: true, isKept: false };
  const isKept = offSince !== null && offSince !== before;
  return { from: known?.earns_from ?? null, isEarlier: false, isKept };
}

/** What cleared here and is no more pending there is in the balance there. */
function stillPending({ pending }: EarlierAffiliate, lines: ReadonlyMap<string, KeptLine>): KeptLine[] {
  return pending.flatMap(({ lineId, amount }) => {
    const line = lines.get(lineId);
    return line ? [{ ...line, amount: line.state === 'cleared' ? amount : line.amount }] : [];
  });
}

function isNews(affiliate: EarlierAffiliate, known: ImportRow | null, change: Figures): boolean {
  if (!known) return true;
  const { visitors, terms } = affiliate;
  const override = JSON.stringify(terms);
  return (
    !sameFigures(change, { pending: 0, balance: 0, withdrawn: 0 }) ||
    visitors !== known.visitors ||
    (terms !== null && override !== known.terms)
  );
}

async function refusalOf(
  knex: Knex,
  { clientId, currency }: EarlierAffiliate,
  known: ImportRow | null,
  news: readonly Pick<ImportedLine, 'invoiceId'>[],
): Promise<Note | null> {
  if (known && known.currency !== currency)
    return note('currency_changed', { before: known.currency, now: currency });
  if (!known && (await clientState(knex, clientId))?.status === 'deleted')
    return note('client_erased', { client: clientId });
  const invoices = [...new Set(news.map(({ invoiceId }) => invoiceId).filter(Boolean))];
  const twice: string[] = [];
  for (const some of inParts(invoices, MOST_IDS)) twice.push(...(await earningInvoices(knex, some)));
  return twice.length > 0 ? note('earned_twice', { invoices: twice.join(', ') }) : null;
}

interface Compared {
  readonly known: ImportRow | null;
  readonly here: AffiliateView | null;
  readonly change: Figures;
  readonly lines: ReadonlyMap<string, KeptLine>;
}

async function notesOf(
  knex: Knex,
  affiliate: EarlierAffiliate,
  { known, here, change, lines }: Compared,
): Promise<Note[]> {
  const { currency, terms } = affiliate;
  const written = (amount: number) => `${toDecimal({ amount, currency })} ${currency}`;
  const early = clearedOf(stillPending(affiliate, lines));
  const since = sum([change.pending, change.balance, change.withdrawn]);
  const own = here && terms ? await isRatedByStaff(knex, here.id) : false;
  const notes: [boolean, Note][] = [
    [!known && here !== null, note('already_affiliate', { affiliate: String(here?.id ?? '') })],
    [own, note('override_kept')],
    [terms === null && (known?.terms ?? 'null') !== 'null', note('override_gone')],
    [early !== 0, note('due_cleared_here', { amount: written(early) })],
    [known !== null && since !== 0, note('earned_since', { amount: written(since) })],
    [
      known !== null && change.balance < 0 && change.withdrawn > 0,
      note('owes_now', { amount: written(-change.balance) }),
    ],
  ];
  return notes.filter(([holds]) => holds).map(([, each]) => each);
}

async function isRatedByStaff(knex: Knex, affiliateId: number): Promise<boolean> {
  return (await versionsFor(knex, affiliateId, [])).some(
    ({ scope, scopeKey, madeBy }) =>
      scope === 'affiliate' && scopeKey === String(affiliateId) && madeBy !== 'system',
  );
}

async function planReferrals(
  knex: Knex,
  { referrals, legacyId }: EarlierAffiliate,
  here: AffiliateView | null,
  beginsEarlier: boolean,
): Promise<{ wanted: EarlierReferral[]; known: number; notes: Note[] }> {
  const wanted: EarlierReferral[] = [];
  const notes: Note[] = [];
  let known = 0;
  for (const referral of referrals) {
    const { clientId, services } = referral;
    const ids = services.map(({ serviceId }) => serviceId);
    const isNoted = (await knownServices(knex, ids)).length === ids.length;
    const kept = await referralOfClient(knex, clientId);
    if (isNoted && !beginsEarlier) {
      known++;
    } else if (kept && kept.affiliate_id !== here?.id) {
      notes.push(
        note('other_affiliates_referral', { client: clientId, affiliate: String(kept.affiliate_id) }),
      );
    } else if ((await clientState(knex, clientId))?.status === 'deleted') {
      notes.push(note('client_erased_referral', { client: clientId }));
    } else if (here && (await isOwnPerson(knex, clientId, here))) {
      notes.push(note('self_referral', { client: clientId, affiliate: legacyId }));
    } else {
      wanted.push(referral);
    }
  }
  return { wanted, known, notes };
}
