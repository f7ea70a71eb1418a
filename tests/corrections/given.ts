/** What staff do about corrections, each time from a form of its own. */
import type { AffiliateView, CorrectionDirection } from '../../module/views';
import { requestId, STAFF, type TestProgram } from '../support/given';

interface Asked {
  readonly direction?: CorrectionDirection;
  /** Minor units. */
  readonly amount?: number;
  readonly currency?: string;
  readonly reason?: string;
}

export function corrections({ acts }: TestProgram, staff = STAFF) {
  const act = (correctionId: string) => ({ requestId: requestId(), staff, correctionId });
  const propose = ({ id }: Pick<AffiliateView, 'id'>, asked: Asked = {}) =>
    acts.proposeCorrection({
      requestId: requestId(),
      staff,
      affiliateId: id,
      direction: 'credit',
      amount: 1000,
      currency: 'USD',
      reason: 'A missing referral',
      ...asked,
    });
  return {
    propose,
    credit: (affiliate: AffiliateView, amount: number, asked: Asked = {}) =>
      propose(affiliate, { ...asked, direction: 'credit', amount }),
    debit: (affiliate: AffiliateView, amount: number, asked: Asked = {}) =>
      propose(affiliate, { ...asked, direction: 'debit', amount }),
    approve: (id: string) => acts.approveCorrection(act(id)),
    reject: (id: string, reason = 'not so') => acts.rejectCorrection({ ...act(id), reason }),
    retract: (id: string) => acts.retractCorrection(act(id)),
  };
}
