/** Correcting an affiliate's balance by hand. */
import { mostForOne } from '../../module/approval';
import { AffiliatesError } from '../../module/errors';
import type { Staff } from '../../module/module';
import { parseAmount } from '../../module/money';
import type { CorrectionDirection } from '../../module/views';
import type { AreaPage } from '../area';
import { requestIdOf, required, retyped } from '../form';
import { findAffiliate } from './affiliate';
import { menuOf } from './menu';

const DIRECTIONS = ['credit', 'debit'] as const satisfies readonly CorrectionDirection[];
const AMOUNT_LIMIT = 30;
export const REASON_LIMIT = 500;

export const correct: AreaPage<Staff> = {
  async load(visit) {
    const { module, language, request } = visit;
    const found = await findAffiliate(visit);
    const statements = await module.reads.statements(found.id);
    const { direction, currency, amount, reason } = retyped(
      request.body,
      'direction',
      'currency',
      'amount',
      'reason',
    );
    const most = mostForOne(module.settings);
    const cleared = statements.map((statement) => language.money(statement.cleared, statement.currency));
    return {
      template: 'staff/correct',
      title: language.t('staff.correct.title', { code: found.code }),
      model: {
        ...menuOf(visit, 'corrections'),
        id: String(found.id),
        cleared: language.list(cleared),
        directions: DIRECTIONS.map((name) => ({ name, chosen: name === direction })),
        currencies: statements.map((statement) => ({
          code: statement.currency,
          selected: statement.currency === currency,
        })),
        amount,
        reason,
        most: most && language.money(most.amount, most.currency),
      },
    };
  },

  async submit(visit) {
    const { module, who, request } = visit;
    const { body } = request;
    const { id: affiliateId } = await findAffiliate(visit);
    const direction = DIRECTIONS.find((name) => name === body.direction);
    if (!direction) throw new AffiliatesError('field_invalid', { field: 'direction' });
    const currency = required(body, 'currency', 3);
    const { correctionId, posted } = await module.acts.proposeCorrection({
      requestId: requestIdOf(body),
      staff: who,
      affiliateId,
      currency,
      direction,
      amount: parseAmount(required(body, 'amount', AMOUNT_LIMIT), currency, 'amount'),
      reason: required(body, 'reason', REASON_LIMIT),
    });
    const done = posted ? 'correction_posted' : 'correction_proposed';
    return { page: 'correction', parameters: { id: correctionId }, done };
  },
};
