import { addColumns, type Migration } from './tables';

export const COUPON_TABLES: readonly Migration[] = [
  // Kept, so that the list of coupons counts nothing when it is read.
  addColumns('0075_coupon_referrals', 'mod_affiliates_coupons', {
    referrals: (t, column) => t.integer(column).unsigned().notNullable().defaultTo(0),
  }),
];
