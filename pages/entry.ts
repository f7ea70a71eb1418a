/** Entries of the statement and of the audit log, as people read them. */
import type { AuditView, EntryKind, EntryView } from '../module/views';
import type { Language } from './language';

/** Which way an entry moves the affiliate's money; kinds that only move it between rows, or either way, are not here. */
const SIGNS: Partial<Record<EntryKind, 1 | -1>> = { earn: 1, reinstate: 1, reverse: -1, pay: -1 };

export interface EntryModel extends EntryView {
  /** Minor units with the sign that people see. */
  readonly moved: number;
  readonly signed: boolean;
}

export function describeEntries(entries: readonly EntryView[]): EntryModel[] {
  return entries.map((entry) => {
    const sign = signOf(entry);
    return { ...entry, moved: entry.amount * (sign ?? 1), signed: sign !== undefined };
  });
}

function signOf({ kind, correction }: EntryView): 1 | -1 | undefined {
  if (!correction) return SIGNS[kind];
  return correction.direction === 'credit' ? 1 : -1;
}

/** @returns when something was done and to which affiliate, and the sentence that says what and by whom */
export function describeAudit(
  rows: readonly AuditView[],
  language: Language,
): (Pick<AuditView, 'at' | 'affiliate'> & { sentence: string })[] {
  return rows.map(({ at, actor, action, affiliate, parameters }) => {
    const key = `audit.${action}`;
    const scope = typeof parameters.scope === 'string' ? language.t(`terms.scope.${parameters.scope}`) : '';
    const { amount, currency } = parameters;
    const isMoney = typeof amount === 'number' && typeof currency === 'string';
    const filled = {
      reason: '',
      transactionId: '',
      ...parameters,
      ...(isMoney && { amount: language.money(amount, currency) }),
      scope,
      actor: actorName(actor, language),
      action,
    };
    return { at, affiliate, sentence: language.t(language.has(key) ? key : 'audit.other', filled) };
  });
}

/** The audit log names staff; a client, the host and the program itself stand there as codes. */
export function actorName(actor: string, language: Language): string {
  if (actor === 'host' || actor === 'system') return language.t(`actor.${actor}`);
  const client = /^client (.+)$/.exec(actor)?.[1];
  return client ? language.t('staff.client', { id: client }) : actor;
}
