/** Deciding on one withdrawal. */
import { AffiliatesError } from '../../module/errors';
import type { Staff } from '../../module/module';
import type { WithdrawalView } from '../../module/views';
import type { AreaPage } from '../area';
import { requestIdOf, required, retyped, typed } from '../form';
import { menuOf } from './menu';
import type { StaffVisit } from './visit';

const TRANSACTION_LIMIT = 100;
const REASON_LIMIT = 500;

export const withdrawal: AreaPage<Staff> = {
  async load(visit) {
    const { module, language, request } = visit;
    const found = await findWithdrawal(visit);
    const affiliate = await module.reads.affiliate(found.affiliateId);
    return {
      template: 'staff/withdrawal',
      title: language.t('staff.withdrawal.title', { amount: language.money(found.amount, found.currency) }),
      model: {
        ...menuOf(visit, 'withdrawals'),
        withdrawal: found,
        code: affiliate?.code ?? '',
        ...retyped(request.body, 'transactionId', 'reason'),
      },
    };
  },

  async submit(visit) {
    const { module, who, request } = visit;
    const { id } = await findWithdrawal(visit);
    const act = { requestId: requestIdOf(request.body), staff: who, withdrawalId: id };
    const parameters = { id };
    if (request.body.decision === 'approve') {
      const transactionId = typed(request.body, 'transactionId', TRANSACTION_LIMIT);
      await module.acts.approveWithdrawal({ ...act, transactionId });
      return { page: 'withdrawal', parameters, done: 'withdrawal_approved' };
    }
    if (request.body.decision === 'deny') {
      const reason = required(request.body, 'reason', REASON_LIMIT);
      await module.acts.denyWithdrawal({ ...act, reason });
      return { page: 'withdrawal', parameters, done: 'withdrawal_denied' };
    }
    throw new AffiliatesError('field_invalid', { field: 'decision' });
  },
};

/** @throws AffiliatesError withdrawal_missing */
async function findWithdrawal({ module, request }: StaffVisit): Promise<WithdrawalView> {
  const id = (request.query.id ?? '').slice(0, 64);
  const found = id ? await module.reads.withdrawal(id) : null;
  if (!found) throw new AffiliatesError('withdrawal_missing', { withdrawal: id });
  return found;
}
