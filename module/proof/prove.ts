/** The proof: every invariant that can be checked on a live database, one after the other, each with its answer. */
import type { Knex } from 'knex';
import { lastSeal } from '../ledger';
import type { Check, Finding } from './check';
import { COMMISSION_CHECKS } from './commissions';
import { CORRECTION_CHECKS } from './corrections';
import { EVENT_CHECKS } from './events';
import { IMPORT_CHECKS } from './imports';
import { LEDGER_CHECKS } from './ledger';
import { WITHDRAWAL_CHECKS } from './withdrawals';

const CHECKS: readonly Check[] = [
  ...LEDGER_CHECKS,
  ...EVENT_CHECKS,
  ...COMMISSION_CHECKS,
  ...WITHDRAWAL_CHECKS,
  ...CORRECTION_CHECKS,
  ...IMPORT_CHECKS,
];

/** What one check came to. */
export interface Proved {
  /** A code; its sentence is `proof.check.<check>` in lang/. */
  readonly check: string;
  /** null: it holds */
  readonly finding: Finding | null;
}

export interface ProofReport {
  readonly at: number;
  readonly holds: boolean;
  readonly checks: readonly Proved[];
  /** The chain's newest seal; whoever keeps its hash elsewhere can tell later that the chain was not rewritten. */
  readonly seal: { readonly number: number; readonly hash: string } | null;
}

/** @returns how many checks `prove` makes, for whoever shows its progress. */
export const PROOF_LENGTH = CHECKS.length;

/**
 * Checks a live database; changes nothing. A check looks at committed rows only, so money in flight is no finding.
 * @param now ms, UTC
 * @param told hears of each check as it ends, and in between how far it is
 */
export async function prove(
  knex: Knex,
  now: number,
  told: { proved?: (proved: Proved) => void; progress?: (done: number) => void } = {},
): Promise<ProofReport> {
  const checks: Proved[] = [];
  for (const [index, check] of CHECKS.entries()) {
    const progress = (part: number) => told.progress?.(index + part);
    const proved = { check: check.name, finding: await check.run({ knex, now, progress }) };
    checks.push(proved);
    told.proved?.(proved);
    progress(1);
  }
  const seal = await lastSeal(knex);
  return {
    at: now,
    holds: checks.every(({ finding }) => finding === null),
    checks,
    seal: seal && { number: seal.number, hash: seal.hash },
  };
}

export type { Finding };
