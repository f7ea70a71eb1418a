/** Keeps what lists and figures show: a referral's totals, when it last earned, and whether it is a conversion. */
import { addToFigures } from '../affiliates';
import { sum } from '../money';
import {
  addToTotals,
  dateLastCommission,
  EARLIER,
  noteConversion,
  setConversion,
  type Referral,
} from '../referrals';
import type { UnitOfWork } from '../unitOfWork';
import { payMilestones } from './bonus';
import { keptOf, type LineState, type Plan } from './plan';
import { firstEarningOf } from './counts';
import { lastKeptAt, updateInvoice, type Commission, type Invoice } from './queries';

export async function keepTotals(
  work: UnitOfWork,
  invoice: Invoice,
  states: readonly LineState[],
  plan: Plan,
): Promise<void> {
  const payer = states.find(({ tier }) => tier === 1)?.referral;
  if (payer && plan.paidChange !== 0) {
    await updateInvoice(work.trx, invoice.id, { counted: sum([invoice.counted, plan.paidChange]) });
    await add(work, payer, invoice.currency, { paid: plan.paidChange, earned: 0, commissionAt: 0 });
  }
  const referrals = new Map(states.flatMap(({ referral }) => (referral ? [[referral.id, referral]] : [])));
  for (const referral of referrals.values()) await keepEarned(work, invoice, referral, plan);
  if (payer) await keepConversion(work, payer, plan);
}

/** What one referral earned, in each currency it earned in. */
async function keepEarned(work: UnitOfWork, invoice: Invoice, referral: Referral, plan: Plan): Promise<void> {
  const isOwn = ({ referral_id }: Commission) => referral_id === referral.id;
  const earned = plan.earned.filter(isOwn);
  const revisions = plan.revisions.filter(({ before }) => isOwn(before));
  const currencies = new Set(
    [...earned, ...revisions.map(({ before }) => before)].map((one) => one.currency),
  );
  for (const currency of currencies) {
    const inIt = (commission: Commission) => commission.currency === currency;
    const change = sum([
      ...earned.filter(inIt).map(keptOf),
      ...revisions
        .filter(({ before }) => inIt(before))
        .map(({ before, after }) => sum([keptOf(after), -keptOf(before)])),
    ]);
    const commissionAt = earned.some(inIt) ? invoice.paid_at : 0;
    await add(work, referral, currency, { paid: 0, earned: change, commissionAt });
    if (!revisions.some(({ before }) => inIt(before))) continue;
    // After the update above, which makes another invoice of the referral wait: neither overlooks the other.
    const at = await lastKeptAt(work.trx, referral.id, currency);
    await dateLastCommission(work.trx, referral.id, currency, at);
  }
}

async function add(
  work: UnitOfWork,
  { id, affiliate_id }: Referral,
  currency: string,
  change: { paid: number; earned: number; commissionAt: number },
): Promise<void> {
  await addToTotals(work.trx, { referralId: id, affiliateId: affiliate_id, currency, ...change });
}

/** A referral is a conversion from the first line on that earned its affiliate something. */
async function keepConversion(work: UnitOfWork, referral: Referral, plan: Plan): Promise<void> {
  const { trx } = work;
  const [first] = plan.earned.filter(({ tier }) => tier === 1);
  const isRevised = plan.revisions.some(
    ({ before, after }) =>
      before.tier === 1 &&
      (before.paid_at !== after.paid_at || (before.earned === 0) !== (after.earned === 0)),
  );
  let change = 0;
  // It converted in an earlier program, which nothing here undoes.
  if (referral.converted_by === EARLIER) return;
  if (isRevised) change = await setConversion(trx, referral.id, await firstEarningOf(trx, referral.id));
  else if (first) {
    change = (await noteConversion(trx, referral.id, { at: first.paid_at, by: first.line_key })) ? 1 : 0;
  }
  if (change === 0) return;
  await addToFigures(trx, referral.affiliate_id, { conversions: change });
  if (change > 0) await payMilestones(work, referral.affiliate_id);
}
