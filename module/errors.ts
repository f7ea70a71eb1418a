/**
 * Every error this module raises on purpose: a code with parameters. The sentence a person reads is in
 * lang/ under `error.<code>`, so that it can be translated and no internals leak into it.
 */

/** Each code with the parameters its sentence uses. */
export interface ErrorParameters {
  /** `field` is that of a form where it isn't `scopeKey`. */
  affiliate_missing: { affiliate: string; field?: string };
  affiliate_not_active: { status: string };
  already_affiliate: Record<never, never>;
  already_referred: Record<never, never>;
  already_requested: Record<never, never>;
  amount_malformed: { field: string };
  amount_out_of_range: Record<never, never>;
  approval_differs: Record<never, never>;
  below_threshold: { missing: number; currency: string };
  client_closed: Record<never, never>;
  client_unknown: { client: string };
  correction_missing: { correction: string };
  correction_not_open: { status: string };
  correction_overdraws: { available: number; currency: string };
  coupon_taken: { coupon: string; field: string };
  csrf_mismatch: Record<never, never>;
  currency_unknown: { currency: string };
  database_unusable: { reason: string };
  dispute_missing: { dispute: string };
  dispute_not_open: { status: string };
  disputes_open: { limit: number };
  disputes_today: { limit: number };
  event_conflict: { source: string; id: string };
  field_invalid: { field: string };
  field_required: { field: string };
  field_too_long: { field: string; limit: number };
  forbidden: Record<never, never>;
  hold_missing: { line: string };
  hold_not_open: { decision: string };
  import_currency_changed: { legacy: string; before: string; now: string };
  import_missing: { legacy: string };
  invoice_unknown: { invoice: string };
  ledger_conflict: { key: string };
  ledger_overdraw: { account: string };
  ledger_unbalanced: { key: string };
  mark_missing: Record<never, never>;
  merge_waits_for_payout: { withdrawal: string };
  message_missing: { message: string };
  page_missing: Record<never, never>;
  payout_method_unknown: { method: string };
  proposer_only: Record<never, never>;
  rate_invalid: { field: string };
  reason_required: Record<never, never>;
  second_person_needed: Record<never, never>;
  self_referral: Record<never, never>;
  setting_invalid: { setting: string; problem: string };
  simulation_busy: Record<never, never>;
  simulation_too_large: { events: number; most: number };
  simulation_too_long: { seconds: number };
  /** `place` is the number of an entry, and of a line in what is no YAML; `part` is a word of the file. */
  terms_unreadable: { place: number; part: string; problem: string };
  transaction_id_used: { transactionId: string };
  withdrawal_missing: { withdrawal: string };
  withdrawal_not_open: { status: string };
  withdrawal_open: Record<never, never>;
}

export type ErrorCode = keyof ErrorParameters;

/** An error that is part of the module's contract; anything else that is thrown is a fault. */
export class AffiliatesError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'AffiliatesError';

  constructor(
    readonly code: C,
    readonly parameters: ErrorParameters[C],
    /** For whoever starts the program, before any language is chosen; people on pages read lang/. */
    sentence?: string,
  ) {
    super(sentence ?? `${code} ${JSON.stringify(parameters)}`);
  }
}

/** @returns whether the error is ours, with that code if one is given. */
export function isAffiliatesError<C extends ErrorCode>(
  error: unknown,
  code?: C,
): error is AffiliatesError<C> {
  return error instanceof AffiliatesError && (code === undefined || error.code === code);
}
