/** A program with a bit of everything in its books, all of it sealed. */
import type { AffiliateView } from '../../module/views';
import type { TestDatabase } from '../support/databases';
import { corrections } from '../corrections/given';
import { given, requestId, SECOND, STAFF, type TestProgram } from '../support/given';

export interface LivedIn {
  readonly test: TestProgram;
  /** For connections that outlive the test. */
  readonly url: string;
}

/**
 * A history: one referral paid, was refunded in part and cleared; a second one still clears; of two withdrawals the
 * first was denied and the second paid, by two people; of three corrections one was booked at once, one by two people,
 * and one was rejected; one event was set aside. The chain has a seal per night, three in all.
 */
export async function livedIn(database: TestDatabase): Promise<LivedIn> {
  const url = await database.clean();
  const test = await given.program(
    { ...database, clean: () => Promise.resolve(url) },
    { settings: { clearingDays: 10, approvalAbove: '20.00' } },
  );
  const affiliate = await test.affiliate();
  const userid = await test.referral(affiliate);
  await test.pays({ invoiceid: 'A', userid, total: '700.00' });
  await test.refunds({ invoiceid: 'A', refundid: 'R', amount: '70.00' });
  await test.pays({ invoiceid: 'unknown', userid: '99' });
  await night(test, 10);
  const denied = await test.withdrawal(affiliate);
  await test.acts.denyWithdrawal({
    requestId: requestId(),
    staff: STAFF,
    withdrawalId: denied,
    reason: 'Not yet',
  });
  await night(test);
  await payOut(test, affiliate);
  await correct(test, affiliate);
  await test.pays({ invoiceid: 'B', userid: await test.referral(affiliate), total: '90.00' });
  await night(test);
  return { test, url };
}

async function payOut(test: TestProgram, affiliate: AffiliateView): Promise<void> {
  const withdrawalId = await test.withdrawal(affiliate, { method: 'paypal', details: 'me@example.com' });
  for (const staff of [STAFF, SECOND]) {
    await test.acts.approveWithdrawal({
      requestId: requestId(),
      staff,
      withdrawalId,
      transactionId: 'PP-1',
    });
  }
}

async function correct(test: TestProgram, affiliate: AffiliateView): Promise<void> {
  const { credit, debit } = corrections(test);
  const { approve, reject } = corrections(test, SECOND);
  await approve((await credit(affiliate, 3000)).correctionId);
  await debit(affiliate, 500);
  await reject((await debit(affiliate, 2400)).correctionId);
}

async function night(test: TestProgram, days = 1): Promise<void> {
  test.clock.advance({ days });
  const { holds, failed } = await test.program.daily();
  if (!holds || failed.length > 0) throw new Error(`the night failed at ${failed.join() || 'the proof'}`);
}
