import type { Case } from './case';
import { CLIENTS } from './clients';
import { COMMANDS } from './commands';
import { DELIVERY } from './delivery';
import { PAYMENTS } from './payments';

/** In the order they are tried: a portal that is wrong about a payment is wrong about what follows from it. */
export const CASES: readonly Case[] = [...PAYMENTS, ...CLIENTS, ...DELIVERY, ...COMMANDS];
