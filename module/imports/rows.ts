/**
 * The rows of WHMCS's built-in affiliates as they lie in its database or in an export: the shape of a file that is handed
 * to `affiliates import`. Values are texts or numbers; what is not asked for is left alone.
 */
import { z } from 'zod';
import { AffiliatesError } from '../errors';

const text = z
  .union([
    z.string(),
    z.number().transform(String),
    z.boolean().transform((yes) => (yes ? '1' : '0')),
    z.null(),
  ])
  .optional()
  .transform((value) => (value ?? '').trim());

/** Old versions pad their numbers with zeros, each table to a length of its own. */
const id = text.transform((value) => value.replace(/^0+(?=\d)/, ''));

const rowsOf = <S extends z.ZodRawShape>(shape: S) => z.array(z.object(shape)).default([]);

/** tblaffiliates, or the rows of GetAffiliates. */
export const AFFILIATE = {
  id,
  date: text,
  clientid: id,
  visitors: text,
  paytype: text,
  payamount: text,
  onetime: text,
  balance: text,
  withdrawn: text,
};
/** tblaffiliatesaccounts: a service that somebody bought through a link. */
export const ACCOUNT = { id, affiliateid: id, relid: id, lastpaid: text };
/** tblaffiliateshistory */
export const HISTORY = {
  id,
  affiliateid: id,
  date: text,
  affaccid: id,
  invoice_id: id,
  amount: text,
};
/** tblaffiliatespending */
export const PENDING = { id, affaccid: id, invoice_id: id, amount: text, clearingdate: text };
/** tblaffiliateswithdrawals */
export const WITHDRAWAL = { id, affiliateid: id, date: text, amount: text };
/** tblhosting */
export const SERVICE = { id, userid: id, packageid: id, regdate: text };
/** tblclients */
export const CLIENT = {
  id,
  status: text,
  currency: id,
  datecreated: text,
  firstname: text,
  lastname: text,
  email: text,
  language: text,
};
/** tblcurrencies */
export const CURRENCY = { id, code: text };

const affiliateRows = rowsOf(AFFILIATE);

const FILE = z.object({
  /** The setting AffiliateEnabled: 'on' while the built-in program is. */
  enabled: text,
  /** Of every client, where `clients` and `currencies` are left out: an ISO code. */
  currency: text,
  affiliates: z.union([
    // As GetAffiliates answers.
    z.object({ affiliate: affiliateRows }).transform(({ affiliate }) => affiliate),
    affiliateRows,
  ]),
  accounts: rowsOf(ACCOUNT),
  history: rowsOf(HISTORY),
  pending: rowsOf(PENDING),
  withdrawals: rowsOf(WITHDRAWAL),
  services: rowsOf(SERVICE),
  clients: rowsOf(CLIENT),
  currencies: rowsOf(CURRENCY),
});

/** All rows of a source, each value as text, '' where there is none. */
export type Rows = z.output<typeof FILE>;

/**
 * Reads an export.
 * @param written what its JSON holds
 * @throws AffiliatesError field_invalid naming the first place that cannot be read: 'history.3.amount'
 */
export function readRows(written: unknown): Rows {
  const read = FILE.safeParse(written);
  if (read.success) return read.data;
  throw new AffiliatesError('field_invalid', { field: read.error.issues[0]?.path.join('.') || 'affiliates' });
}
