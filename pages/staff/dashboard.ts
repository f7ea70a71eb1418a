/** What waits for staff, and what the program owes. */
import type { Staff } from '../../module/module';
import type { AreaPage } from '../area';
import { describeCorrection } from './corrections';
import { menuOf } from './menu';
import { PER_PAGE } from './visit';

export const dashboard: AreaPage<Staff> = {
  async load(visit) {
    const { reads, settings } = visit.module;
    const [requests, waiting, second, liabilities, trouble, proof, disputes, holds] = await Promise.all([
      reads.openRequests(),
      reads.withdrawals({ status: 'requested', limit: PER_PAGE }),
      reads.waitingForSecond(),
      reads.liabilities(),
      reads.trouble(),
      reads.lastProof(),
      reads.disputes({ status: 'open', limit: PER_PAGE }),
      reads.holds({ limit: PER_PAGE }),
    ]);
    const keys = visit.module.endpoints.map(({ key }) => key);
    const endpoints = keys.length > 0 ? [...(await reads.endpointStates(keys)).values()] : [];
    return {
      template: 'staff/dashboard',
      title: settings.programName,
      model: {
        ...menuOf(visit, ''),
        requests,
        withdrawals: waiting.rows,
        moreWithdrawals: waiting.next !== null,
        corrections: second.corrections.map(describeCorrection),
        halfApproved: second.withdrawals,
        forSecond: second.corrections.length + second.withdrawals.length,
        liabilities,
        disputes: disputes.rows.length,
        moreDisputes: disputes.next !== null,
        holds: holds.rows.length,
        moreHolds: holds.next !== null,
        troubles: trouble.length,
        deaf: endpoints.filter(({ disabledAt }) => disabledAt !== null).length,
        brokenAt: proof && !proof.holds ? visit.language.time(proof.at) : '',
      },
    };
  },
};
