/** One line that is on hold, and how staff end that. */
import type { HoldView } from '../../module/commissions';
import { AffiliatesError } from '../../module/errors';
import type { Staff } from '../../module/module';
import type { AreaPage } from '../area';
import { requestIdOf, required, retyped } from '../form';
import { describeHold } from './holds';
import { menuOf } from './menu';
import type { StaffVisit } from './visit';

const REASON_LIMIT = 500;
const LINE_LIMIT = 130;

export const hold: AreaPage<Staff> = {
  async load(visit) {
    const { language, request } = visit;
    const found = await findHold(visit);
    const { decision, reason } = retyped(request.body, 'decision', 'reason');
    return {
      template: 'staff/hold',
      title: language.t('staff.hold.title'),
      model: {
        ...menuOf(visit, 'holds'),
        hold: describeHold(found, language),
        isMarked: found.steps.some(({ finding }) => finding === 'many_refunds'),
        released: decision === 'release' ? reason : '',
        voided: decision === 'void' ? reason : '',
      },
    };
  },

  async submit({ module, who, request: { body, query } }) {
    const reason = required(body, 'reason', REASON_LIMIT);
    const act = { requestId: requestIdOf(body), staff: who, lineKey: lineOf(query), reason };
    switch (body.decision) {
      case 'release':
        await module.acts.releaseHold(act);
        return { page: 'holds', done: 'hold_released' };
      case 'void':
        await module.acts.voidHold(act);
        return { page: 'holds', done: 'hold_voided' };
      default:
        throw new AffiliatesError('field_invalid', { field: 'decision' });
    }
  },
};

const lineOf = ({ line = '' }: Readonly<Record<string, string | undefined>>) => line.slice(0, LINE_LIMIT);

/** @throws AffiliatesError hold_missing */
async function findHold({ module, request }: StaffVisit): Promise<HoldView> {
  const line = lineOf(request.query);
  const found = line ? await module.reads.hold(line) : null;
  if (!found) throw new AffiliatesError('hold_missing', { line });
  return found;
}
