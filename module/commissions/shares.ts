/** What those earn who brought in the affiliate that earned: a share of its commission, up to two tiers above it. */
import { affiliateById, statusAt } from '../affiliates';
import { applyRate } from '../money';
import { referralById, referralOfClient, type Referral } from '../referrals';
import { newestOf, type AppliedTerms, type TermsVersion } from '../terms';
import { groupFor, termsOf, type Reading } from './facts';
import type { LineState } from './plan';
import type { Commission, Invoice } from './queries';
import type { Evaluation, Step } from './rules';

/** Two tiers above the affiliate who referred the client, and no more: a share of a share of a share is a pyramid. */
const TIERS = [2, 3] as const;

interface Above {
  readonly tier: number;
  /** The referral as which the tier below came in. */
  readonly referral: Referral;
  readonly isActive: boolean;
  /** Whether the client who pays is that affiliate itself. */
  readonly isPayer: boolean;
  readonly share: number;
  readonly from: TermsVersion | null;
}

/**
 * @param states the first tier's
 * @returns the states of the tiers above, for lines where somebody has a share or had one
 */
export async function shareStates(
  work: Reading,
  invoice: Invoice,
  states: readonly LineState[],
  commissions: readonly Commission[],
  versions: readonly TermsVersion[],
): Promise<LineState[]> {
  const above = await chainAbove(work, invoice, states[0]?.referral ?? null, versions);
  const shares: LineState[] = [];
  for (const state of states) {
    for (const tier of TIERS) {
      const commission = commissions.find((one) => one.tier === tier && one.line_key === state.line.line_key);
      // What was earned once stays whose it was, whoever stands above now.
      const share = commission
        ? await keptShare(work, state, commission)
        : newShare(
            state,
            above.find((one) => one.tier === tier),
          );
      if (share) shares.push(share);
    }
  }
  return shares;
}

async function keptShare({ trx }: Reading, state: LineState, commission: Commission): Promise<LineState> {
  const { tier } = commission;
  const terms = termsOf(commission);
  const facts = { tier, share: shareOf(terms), isActive: true, isPayer: false, termsId: terms.rateFrom.id };
  const referral = await referralById(trx, commission.referral_id);
  return { ...state, tier, evaluation: evaluateShare(facts, state.evaluation), commission, terms, referral };
}

function newShare(state: LineState, above: Above | undefined): LineState | null {
  const terms = above && termsOfShare(above, state);
  if (!terms || above.share === 0 || state.evaluation.amount === 0) return null;
  const evaluation = evaluateShare({ ...above, termsId: terms.rateFrom.id }, state.evaluation);
  return { ...state, tier: above.tier, evaluation, commission: null, terms, referral: above.referral };
}

const shareOf = ({ rate }: AppliedTerms) => (rate.kind === 'percent' ? rate.basisPoints : 0);

/** Who stands above the affiliate that a referral belongs to, as of when the invoice was paid. */
async function chainAbove(
  work: Reading,
  invoice: Invoice,
  below: Referral | null,
  versions: readonly TermsVersion[],
): Promise<Above[]> {
  if (!below || !versions.some(({ shares }) => shares?.some((share) => share > 0))) return [];
  const chain: Above[] = [];
  const seen = new Set([below.affiliate_id]);
  let affiliate = await affiliateById(work.trx, below.affiliate_id);
  for (const tier of TIERS) {
    const referral = affiliate && (await referralOfClient(work.trx, affiliate.clientId));
    // Accounts that were merged may have come to refer each other: nobody stands above himself.
    if (!referral || invoice.paid_at < referral.holds_from || seen.has(referral.affiliate_id)) break;
    seen.add(referral.affiliate_id);
    affiliate = await affiliateById(work.trx, referral.affiliate_id);
    const isPayer = affiliate?.clientId === invoice.client_id;
    chain.push({ ...(await aboveOf(work, invoice, referral, tier, versions)), isPayer });
  }
  return chain;
}

async function aboveOf(
  { trx }: Reading,
  invoice: Invoice,
  referral: Referral,
  tier: (typeof TIERS)[number],
  versions: readonly TermsVersion[],
): Promise<Omit<Above, 'isPayer'>> {
  const { affiliate_id: affiliateId } = referral;
  const at = invoice.paid_at;
  const group = await groupFor(trx, versions, affiliateId, at);
  const asked = [
    newestOf(versions, 'affiliate', String(affiliateId), at),
    group ? newestOf(versions, 'group', group, at) : null,
  ];
  const from = asked.find((version) => version?.shares) ?? newestOf(versions, 'program', '', at);
  return {
    tier,
    referral,
    isActive: (await statusAt(trx, affiliateId, at)) === 'active',
    share: from?.shares?.[tier - 2] ?? 0,
    from,
  };
}

/** The share as terms, to be kept with what it earns. */
function termsOfShare({ share, from }: Above, { terms }: LineState): AppliedTerms | null {
  if (!from || !terms) return null;
  const { id, scope, scopeKey } = from;
  return {
    rate: { kind: 'percent', basisPoints: share },
    rateFrom: { id, scope, scopeKey },
    recurring: 'every',
    clearingDays: terms.clearingDays,
  };
}

/** What an evaluation of a share depends on. */
export interface ShareFacts extends Pick<Above, 'tier' | 'share' | 'isActive' | 'isPayer'> {
  readonly termsId: string;
}

/** @param of the first tier's evaluation of the line @returns the evaluation of a share of what it earned */
export function evaluateShare(
  { tier, share, isActive, isPayer, termsId }: ShareFacts,
  of: Evaluation,
): Evaluation {
  const steps: Step[] = [{ rule: 'referral', finding: 'found', parameters: {} }];
  const end = (code: Step<'share'>['finding'], amount: number): Evaluation => {
    const parameters = { basisPoints: share, base: of.amount, currency: of.currency, tier };
    steps.push({ rule: 'share', finding: code, parameters });
    const outcome = amount === 0 ? 'nothing' : of.outcome;
    return { outcome, code, steps, amount, currency: of.currency, conversion: null, termsId };
  };
  if (!isActive) return end('affiliate_suspended', 0);
  if (isPayer) return end('own_purchase', 0);
  if (of.amount === 0) return end('nothing_to_share', 0);
  const amount = applyRate(of.amount, share);
  return amount === 0 ? end('rounds_to_nothing', 0) : end('earned', amount);
}
