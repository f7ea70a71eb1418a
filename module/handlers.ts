/** What each type of event does: the table that joins the history to the verbs. */
import { changeGroup, moveToGroup, noteRequest, promoteDue, requestProgram } from './affiliates';
import { closeClient, deleteClient, editClient, enrol, mergeClients, pay, signUp, withdraw } from './clients';
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
import { changeCoupon } from './referrals';
import { changeTerms } from './terms';
import { approveWithdrawal, cancelWithdrawal, denyWithdrawal, settlePayout } from './withdrawals';

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
  'day.turned': async (work) => ({ cleared: await clearDue(work) }),
};
