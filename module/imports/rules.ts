/** What an earlier program says, in our words, and what is to be brought over: types and pure decisions. */
import type { EventPayloads, ImportedAffiliate, ImportedHistory, ImportedLine } from '../events/rules';
import { sum } from '../money';

/** What identifies a person; it never enters an event. */
export interface Person {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
}

/** Something that the source says and that is not as it should be: a code, and what its sentence names. */
export interface Note {
  readonly code: NoteCode;
  readonly parameters: Readonly<Record<string, string>>;
}

export const NOTE_CODES = [
  // Of an affiliate that comes over all the same.
  'balance_not_history',
  'withdrawn_not_rows',
  'balance_negative',
  'client_closed',
  'already_affiliate',
  'override_kept',
  'override_unread',
  'override_once_alone',
  'override_currency',
  'override_gone',
  'service_missing',
  'referral_client_missing',
  'own_service',
  'other_affiliates_referral',
  'client_erased_referral',
  'self_referral',
  'due_cleared_here',
  'earned_since',
  'off_since_kept',
  'owes_now',
  // Why an affiliate does not come over.
  'client_missing',
  'client_erased',
  'currency_unknown',
  'currency_changed',
  'amount_unreadable',
  'pending_not_positive',
  'withdrawn_negative',
  'earned_twice',
  // Of a row that belongs to nobody.
  'without_affiliate',
  'without_account',
] as const;
export type NoteCode = (typeof NOTE_CODES)[number];

/** A row of the source that cannot be brought over. */
export interface LostRow extends Note {
  readonly table: string;
  readonly row: string;
}

/** A client whom an affiliate brought to the earlier program. */
export interface EarlierReferral extends Omit<EventPayloads['referral.imported'], 'legacyId'> {
  readonly person: Person;
}

/** An affiliate as the earlier program has it now. */
export interface EarlierAffiliate extends Omit<ImportedAffiliate, 'pending' | 'gone'> {
  readonly person: Person;
  /** All lines that wait for their clearing date there. */
  readonly pending: readonly ImportedLine[];
  readonly referrals: readonly EarlierReferral[];
  readonly history: readonly ImportedHistory[];
  readonly notes: readonly Note[];
}

/** One that cannot come over, and why. */
export interface RefusedAffiliate {
  readonly legacyId: string;
  readonly clientId: string;
  readonly refusal: Note;
}

/** All that the earlier program says. */
export interface EarlierProgram {
  /** Whether it still earns and pays; null where that was not told. */
  readonly isOn: boolean | null;
  readonly affiliates: readonly EarlierAffiliate[];
  readonly refused: readonly RefusedAffiliate[];
  readonly lost: readonly LostRow[];
}

/** What came over of an affiliate's money, by the accounts it stands in here; minor units. */
export interface Opening {
  readonly clearing: number;
  readonly cleared: number;
  readonly withdrawn: number;
}

/** A line as it is kept here. Gone: the source has it no more, and what became of it is in its balance. */
export interface KeptLine extends ImportedLine {
  readonly state: 'clearing' | 'cleared' | 'gone';
}

/** The three figures that both sides must agree on, minor units. */
export interface Figures {
  readonly pending: number;
  readonly balance: number;
  readonly withdrawn: number;
}

/** @returns the figures that the source shows for an affiliate */
export function figuresOf({ pending, balance, withdrawn }: EarlierAffiliate): Figures {
  return { pending: sum(pending.map(({ amount }) => amount)), balance, withdrawn };
}

/**
 * What was pending at the source and is due was cleared here by our nights, whether or not the source's did as well: it
 * counts as pending as long as the source says so.
 * @param lines what is kept here
 * @returns what the source would show if it were as the ledger says
 */
export function figuresFrom(
  { clearing, cleared, withdrawn }: Opening,
  lines: readonly Pick<KeptLine, 'state' | 'amount'>[],
): Figures {
  const early = clearedOf(lines);
  return { pending: sum([clearing, early]), balance: sum([cleared, -early]), withdrawn };
}

/** @returns the sum of the lines that cleared here while the source still has them as pending */
export function clearedOf(lines: readonly Pick<KeptLine, 'state' | 'amount'>[]): number {
  return sum(lines.filter(({ state }) => state === 'cleared').map(({ amount }) => amount));
}

export const sameFigures = (one: Figures, other: Figures): boolean =>
  one.pending === other.pending && one.balance === other.balance && one.withdrawn === other.withdrawn;

/** What of the source's pending lines is news here, and which of those kept it has no more. */
export function changedLines(
  source: readonly ImportedLine[],
  kept: ReadonlyMap<string, KeptLine>,
): { pending: ImportedLine[]; gone: string[] } {
  const still = new Set(source.map(({ lineId }) => lineId));
  const pending = source.filter((line) => {
    const known = kept.get(line.lineId);
    if (!known || known.state === 'gone') return true;
    return known.amount !== line.amount || (known.state === 'clearing' && known.clearsAt !== line.clearsAt);
  });
  const gone = [...kept.values()]
    .filter(({ lineId, state }) => state !== 'gone' && !still.has(lineId))
    .map(({ lineId }) => lineId);
  return { pending, gone };
}

/** @returns by how much figures differ, each by itself. */
export const lessFigures = (one: Figures, other: Figures): Figures => ({
  pending: sum([one.pending, -other.pending]),
  balance: sum([one.balance, -other.balance]),
  withdrawn: sum([one.withdrawn, -other.withdrawn]),
});

export const NO_OPENING: Opening = { clearing: 0, cleared: 0, withdrawn: 0 };
