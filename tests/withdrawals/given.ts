/** What the tests of withdrawals start from, and what people do in them. */
import { given, requestId, STAFF, type Options, type TestProgram } from '../support/given';
import type { TestDatabase } from '../support/databases';
import type { AffiliateView } from '../../module/views';

/** A program in which one affiliate has earned a tenth of the total. */
export async function earned(
  database: TestDatabase,
  total = '600.00',
  options: Options = {},
): Promise<{ test: TestProgram; affiliate: AffiliateView; userid: string }> {
  const test = await given.program(database, options);
  const affiliate = await test.affiliate({ clientId: '5' });
  const userid = await test.referral(affiliate);
  await test.pays({ invoiceid: 'A', userid, total });
  return { test, affiliate, userid };
}

/** Staff's and the affiliate's decisions, each from a form of its own. */
export function decisions({ acts }: TestProgram, staff = STAFF) {
  const act = (withdrawalId: string) => ({ requestId: requestId(), withdrawalId });
  return {
    approve: (id: string, transactionId = '') => acts.approveWithdrawal({ ...act(id), staff, transactionId }),
    deny: (id: string, reason = 'no') => acts.denyWithdrawal({ ...act(id), staff, reason }),
    cancel: ({ id: affiliateId, clientId }: AffiliateView, id: string) =>
      acts.cancelWithdrawal({ ...act(id), affiliateId, clientId }),
  };
}

/** @returns the codes of the refusals, and 'done' for what succeeded */
export const outcomes = (settled: readonly PromiseSettledResult<unknown>[]): string[] =>
  settled.map((one) =>
    one.status === 'fulfilled' ? 'done' : String((one.reason as { code?: string }).code ?? one.reason),
  );
