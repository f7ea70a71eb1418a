import { AFFILIATE_TABLES } from './affiliates';
import { COUPON_TABLES } from './coupons';
import { CORRECTION_TABLES } from './corrections';
import { DISPUTE_TABLES } from './disputes';
import { HOLD_TABLES } from './holds';
import { IMPORT_TABLES } from './imports';
import { INTAKE_TABLES } from './intake';
import { MONEY_TABLES } from './money';
import { ORDER_TABLES } from './order';
import { SETTLING_TABLES } from './settling';
import { SEAL_TABLES } from './seals';
import { STATEMENT_INDEXES } from './statement';
import type { Migration } from './tables';
import { WEBHOOK_TABLES } from './webhooks';
import { WHY_INDEXES } from './why';
import { TERMS_TABLES } from './terms';
import { WIRE_TABLES } from './wire';

export type { Migration } from './tables';

/** Every migration in the order it was added, which is its number's. A name, once released, never changes or leaves. */
export const MIGRATIONS: readonly Migration[] = [
  ...AFFILIATE_TABLES,
  ...MONEY_TABLES,
  ...INTAKE_TABLES,
  ...SEAL_TABLES,
  ...CORRECTION_TABLES,
  ...STATEMENT_INDEXES,
  ...WHY_INDEXES,
  ...ORDER_TABLES,
  ...TERMS_TABLES,
  ...DISPUTE_TABLES,
  ...HOLD_TABLES,
  ...COUPON_TABLES,
  ...SETTLING_TABLES,
  ...WEBHOOK_TABLES,
  ...IMPORT_TABLES,
  ...WIRE_TABLES,
].sort((one, other) => (one.name < other.name ? -1 : 1));
