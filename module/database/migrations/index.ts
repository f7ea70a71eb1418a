import { AFFILIATE_TABLES } from './affiliates';
import { INTAKE_TABLES } from './intake';
import { MONEY_TABLES } from './money';
import type { Migration } from './tables';

export type { Migration } from './tables';

/** Every migration in the order it was added. A name, once released, never changes and never leaves. */
export const MIGRATIONS: readonly Migration[] = [...AFFILIATE_TABLES, ...MONEY_TABLES, ...INTAKE_TABLES];
