/** Disputes: an affiliate misses a referral, and is answered without learning who is a client. */
export { creditDispute, declineDispute } from './answer';
export { eraseDisputesAbout } from './erase';
export type { DisputeEvidence, EvidenceClient, EvidenceLine } from './evidence';
export { lookForReferral, signupOfKnown } from './look';
export { openDispute } from './open';
export { eraseDisputesOf, moveDisputes, noteDisputeTicket } from './queries';
export { disputeReads } from './reads';
export type { DisputeStatus, DisputeView } from './rules';
