/** What each type of event does: the table that joins the history to the verbs. */
import { changeGroup, moveToGroup, noteRequest, promoteDue, requestProgram } from './affiliates';
import {
  bringReferral,
  closeClient,
  deleteClient,
  editClient,
  enrol,
  mergeClients,
  pay,
  signUp,
  withdraw,
} from './clients';
import {
  clearDue,
  liftMark,
  markAffiliate,
  refundInvoice,
  releaseHold,
  reopenInvoice,
  reverseRefund,
  voidHold,
} from './commissions';
import { approveCorrection, proposeCorrection, rejectCorrection, retractCorrection } from './corrections';
import { creditDispute, declineDispute, openDispute } from './disputes';
import type { Handlers } from './events';
import { bringAffiliate, bringHistory, clearImported } from './imports';
import { changeCoupon } from './referrals';
import { changeTerms } from './terms';
import { approveWithdrawal, cancelWithdrawal, denyWithdrawal, settlePayout } from './withdrawals';
import type { UnitOfWork } from './unitOfWork';

export const HANDLERS: Handlers = {
  'client.signed_up': signUp,
  'client.edited': editClient,
  'client.closed': closeClient,
  'client.deleted': deleteClient,
  'clients.merged': mergeClients,
  'invoice.paid': pay,
  'invoice.refunded': refundInvoice,
  'invoice.refund_reversed': reverseRefund,
  'invoice.reopened': reopenInvoice,
  'ticket.opened': noteRequest,
  'program.requested': requestProgram,
  'affiliate.switched': enrol,
  'withdrawal.requested': withdraw,
  'withdrawal.cancelled': cancelWithdrawal,
  'withdrawal.approved': approveWithdrawal,
  'withdrawal.denied': denyWithdrawal,
  'payout.settled': settlePayout,
  'correction.proposed': proposeCorrection,
  'correction.approved': approveCorrection,
  'correction.rejected': rejectCorrection,
  'correction.retracted': retractCorrection,
  'hold.released': releaseHold,
  'hold.voided': voidHold,
  'affiliate.marked': markAffiliate,
  'mark.lifted': liftMark,
  'terms.changed': changeTerms,
  'group.changed': changeGroup,
  'affiliate.grouped': moveToGroup,
  'coupon.changed': changeCoupon,
  'groups.reviewed': async (work) => ({ promoted: await promoteDue(work) }),
  'dispute.opened': openDispute,
  'dispute.declined': declineDispute,
  'dispute.credited': creditDispute,
  'affiliate.imported': bringAffiliate,
  'referral.imported': bringReferral,
  'history.imported': bringHistory,
  'day.turned': turnDay,
};

/** Clears a batch of what is due, whether it was earned here or came over. */
async function turnDay(work: UnitOfWork): Promise<{ cleared: number }> {
  const earned = await clearDue(work);
  return { cleared: earned + (await clearImported(work)) };
}
