/** The sentence a person reads for an error, and the form field it is about. */
import type { AffiliatesError, ErrorCode } from '../module/errors';
import type { Problem } from './frame';
import type { Language } from './language';

/** Errors that are about one field of a form without naming it. */
const FIELDS: Partial<Record<ErrorCode, string>> = {
  reason_required: 'reason',
  payout_method_unknown: 'method',
  transaction_id_used: 'transactionId',
  affiliate_missing: 'scopeKey',
  invoice_unknown: 'invoice',
  currency_unknown: 'currency',
  correction_overdraws: 'amount',
  terms_unreadable: 'terms',
  client_unknown: 'clientId',
  already_referred: 'clientId',
  self_referral: 'clientId',
};

/** Parameters that count minor units of the error's currency. */
const AMOUNTS = ['missing', 'available'] as const;

export function explain(error: AffiliatesError, language: Language): Problem {
  const parameters: Record<string, string | number> = { ...error.parameters };
  const { currency } = parameters;
  for (const name of AMOUNTS) {
    const amount = parameters[name];
    if (typeof amount === 'number' && typeof currency === 'string')
      parameters[name] = language.money(amount, currency);
  }
  const field = typeof parameters.field === 'string' ? parameters.field : (FIELDS[error.code] ?? '');
  parameters.field = fieldLabel(field, language);
  // On a page, only a form that was sent before and then changed is such a conflict.
  const code = error.code === 'event_conflict' ? 'csrf_mismatch' : error.code;
  return { message: language.t(`error.${code}`, parameters), field };
}

/** @returns the label of a form field, as its form shows it */
export function fieldLabel(field: string, language: Language): string {
  const key = `field.${field}`;
  return language.has(key) ? language.t(key) : field;
}
