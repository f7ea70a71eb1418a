/** Asking to be paid. */
import { AffiliatesError } from '../../module/errors';
import type { AreaPage } from '../area';
import { requestIdOf, required, retyped, typed } from '../form';
import { describeStatement } from '../statement';
import { chooseStatement, ownAffiliate, type ClientPerson } from './affiliate';

const DETAILS_LIMIT = 1000;

export const withdraw: AreaPage<ClientPerson> = {
  async load(visit) {
    const { module, language, request } = visit;
    const affiliate = await ownAffiliate(visit);
    const [statements, withdrawals] = await Promise.all([
      module.reads.statements(affiliate.id),
      module.reads.withdrawalsOf(affiliate.id),
    ]);
    const asked = request.body.currency ?? request.query.currency;
    const chosen = chooseStatement(statements, asked);
    const { method, details } = retyped(request.body, 'method', 'details');
    return {
      template: 'client/withdraw',
      title: language.t('withdraw.title'),
      model: {
        statement: describeStatement(chosen, module.settings, language, withdrawals),
        methods: module.settings.payoutMethods.map((name, index) => ({
          name,
          chosen: method ? name === method : index === 0,
        })),
        details,
        detailsLimit: DETAILS_LIMIT,
      },
    };
  },

  async submit(visit) {
    const { module, who, request } = visit;
    const affiliate = await ownAffiliate(visit);
    const chosen = required(request.body, 'method', 40);
    const method = module.settings.payoutMethods.find((name) => name === chosen);
    if (!method) throw new AffiliatesError('payout_method_unknown', { method: chosen });
    const currency = required(request.body, 'currency', 3);
    await module.acts.requestWithdrawal({
      requestId: requestIdOf(request.body),
      affiliateId: affiliate.id,
      clientId: who.id,
      currency,
      method,
      details: typed(request.body, 'details', DETAILS_LIMIT),
    });
    return { page: '', parameters: { currency }, done: 'withdrawal_requested' };
  },
};
