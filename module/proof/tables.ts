/** The tables as the proof reads them. */
export const TABLE = {
  transactions: 'mod_affiliates_ledger_transactions',
  entries: 'mod_affiliates_ledger_entries',
  balances: 'mod_affiliates_balances',
  seals: 'mod_affiliates_ledger_seals',
  sealed: 'mod_affiliates_ledger_sealed',
  commissions: 'mod_affiliates_commissions',
  invoices: 'mod_affiliates_invoices',
  lines: 'mod_affiliates_invoice_lines',
  evaluations: 'mod_affiliates_evaluations',
  referrals: 'mod_affiliates_referrals',
  referralTotals: 'mod_affiliates_referral_totals',
  affiliateTotals: 'mod_affiliates_affiliate_totals',
  withdrawals: 'mod_affiliates_withdrawals',
  events: 'mod_affiliates_events',
  answers: 'mod_affiliates_event_answers',
  failures: 'mod_affiliates_event_failures',
} as const;
