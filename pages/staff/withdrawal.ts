/** Deciding on one withdrawal. */
import { mostForOne, needsSecondPerson } from '../../module/approval';
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
        approval: describeApproval(visit, found),
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
      const { waitsForSecond } = await module.acts.approveWithdrawal({ ...act, transactionId });
      const done = waitsForSecond ? 'withdrawal_first_approved' : 'withdrawal_approved';
      return { page: 'withdrawal', parameters, done };
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

/** What the form that approves says and asks: of the only person, of the first of two, or of the second. */
function describeApproval({ module, language, who }: StaffVisit, withdrawal: WithdrawalView) {
  const { method, firstApproval } = withdrawal;
  const amount = language.money(withdrawal.amount, withdrawal.currency);
  const byHand = method !== 'credit';
  const pay = byHand ? language.t('staff.withdrawal.hand') : language.t('staff.withdrawal.credit');
  if (firstApproval) {
    const { by: name, byId, transactionId } = firstApproval;
    const help = transactionId
      ? language.t('staff.second.hand.help', { name, amount, transactionId })
      : language.t('staff.second.credit.help', { name, amount });
    return { isFirst: who.id === byId, isSecond: true, asksForId: false, takesTwo: false, help, button: pay };
  }
  const alone = { isFirst: false, isSecond: false, asksForId: byHand, takesTwo: false };
  if (needsSecondPerson(withdrawal, mostForOne(module.settings))) {
    const help = byHand ? language.t('staff.withdrawal.prepare.help', { amount }) : '';
    return { ...alone, takesTwo: true, help, button: language.t('staff.withdrawal.approve') };
  }
  const help = byHand
    ? language.t('staff.withdrawal.hand.help', { amount })
    : language.t('staff.withdrawal.credit.help', { amount });
  return { ...alone, help, button: pay };
}
