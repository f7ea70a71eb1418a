import { addIndex } from './tables';

export const WHY_INDEXES = [
  // why: the lines of one referral
  addIndex('0070_evaluations_referral', 'mod_affiliates_evaluations', 'evaluations_referral', [
    'referral_id',
    'line_key',
  ]),
  // why: what was posted about a commission
  addIndex(
    '0071_ledger_transactions_commission',
    'mod_affiliates_ledger_transactions',
    'ledger_transactions_commission',
    ['commission_id', 'id'],
  ),
];
