/** One correction: what it was, and deciding on one that waits for a second person. */
import { AffiliatesError } from '../../module/errors';
import type { Staff } from '../../module/module';
import type { CorrectionView } from '../../module/views';
import type { AreaPage } from '../area';
import { requestIdOf, required, retyped } from '../form';
import { REASON_LIMIT } from './correct';
import { describeCorrection } from './corrections';
import { menuOf } from './menu';
import type { StaffVisit } from './visit';

export const correction: AreaPage<Staff> = {
  async load(visit) {
    const { language, request, who } = visit;
    const found = await findCorrection(visit);
    const amount = language.money(found.amount, found.currency);
    return {
      template: 'staff/correction',
      title: language.t('staff.correction.title', { direction: found.direction, amount }),
      model: {
        ...menuOf(visit, 'corrections'),
        correction: describeCorrection(found),
        isProposer: who.id === found.proposedById,
        ...retyped(request.body, 'reason'),
      },
    };
  },

  async submit(visit) {
    const { module, who, request } = visit;
    const { id } = await findCorrection(visit);
    const act = { requestId: requestIdOf(request.body), staff: who, correctionId: id };
    const to = { page: 'correction', parameters: { id } };
    switch (request.body.decision) {
      case 'approve':
        await module.acts.approveCorrection(act);
        return { ...to, done: 'correction_approved' };
      case 'reject':
        await module.acts.rejectCorrection({
          ...act,
          reason: required(request.body, 'reason', REASON_LIMIT),
        });
        return { ...to, done: 'correction_rejected' };
      case 'retract':
        await module.acts.retractCorrection(act);
        return { ...to, done: 'correction_retracted' };
      default:
        throw new AffiliatesError('field_invalid', { field: 'decision' });
    }
  },
};

/** @throws AffiliatesError correction_missing */
async function findCorrection({ module, request }: StaffVisit): Promise<CorrectionView> {
  const id = (request.query.id ?? '').slice(0, 64);
  const found = id ? await module.reads.correction(id) : null;
  if (!found) throw new AffiliatesError('correction_missing', { correction: id });
  return found;
}
