export { paySignupBonus } from './bonus';
export { clearDue, isAnythingDue } from './clear';
export { earningInvoices } from './counts';
export type { About } from './evaluationQueries';
export {
  CAUSES,
  TAKEN_BACK,
  type CauseView,
  type EntryExplained,
  type EvaluationDetails,
  type EvaluationView,
  type LineDetails,
  type LineView,
} from './explained';
export { explainEntry, lineOfEntry } from './explainEntry';
export { explainLines } from './explainLines';
export { explainReferral, type ReferralExplained } from './explainReferral';
export { affiliatesToMark, liftMark, markAffiliate, markReads, mergeMarks } from './marks';
export { releaseHold, voidHold } from './holds';
export {
  HOLD_AGES,
  holdReads,
  type HoldAge,
  type HoldCounts,
  type HoldFilter,
  type HoldView,
} from './holdReads';
export {
  keptInvoices,
  keptRefunds,
  keptReversals,
  paidBetween,
  paymentDiffers,
  refundKey,
  type KeptInvoice,
  type RefundKey,
} from './kept';
export { payInvoice, refundInvoice, reopenInvoice, reverseRefund } from './invoices';
export {
  couponsOfClient,
  describeCommissions,
  invoicesOfClient,
  moveCommissions,
  moveInvoices,
  payerOf,
} from './queries';
export { settleClient, settleUncleared } from './settle';
export { wouldEarn, type ImaginedInvoice, type WouldEarn, type WouldEarnQuestion } from './wouldEarn';
