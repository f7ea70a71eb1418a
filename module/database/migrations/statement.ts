import { addIndex, dropIndex } from './tables';

const ENTRIES = 'mod_affiliates_ledger_entries';

export const STATEMENT_INDEXES = [
  // statement: an affiliate's entries of a month in the order they were posted, and the sums of all before it;
  // liability and proof: sums of every account. All are answered from the index alone.
  addIndex('0065_ledger_entries_statement', ENTRIES, 'ledger_entries_statement', [
    'affiliate_id',
    'currency',
    'transaction_id',
    'account',
    'amount',
  ]),
  // The one above serves the proof as well, and each index is written with every posting.
  dropIndex('0066_ledger_entries_account', ENTRIES, 'ledger_entries_account'),
];
