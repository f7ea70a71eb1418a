/** A history to look back at, and terms to suppose. */
import type { TestProgram } from '../support/given';

/** The program's terms as a person writes them, with this rate. */
export const PROGRAM = (rate: string) =>
  `- { scope: program, rate: ${rate}, recurring: every, clearingDays: 0 }`;

/** Two affiliates at 10 %: 100.00 on the first day, and ten days later 200.00 and 50.00. */
export async function twoWeeks(test: TestProgram) {
  const [one, other] = [await test.affiliate(), await test.affiliate()];
  const [first, second] = [await test.referral(one), await test.referral(other)];
  await test.pays({ invoiceid: 'A', userid: first, total: '100.00' });
  test.clock.advance({ days: 10 });
  await test.pays({ invoiceid: 'B', userid: first, total: '200.00' });
  await test.pays({ invoiceid: 'C', userid: second, total: '50.00' });
  await test.program.deliver();
  return { one, other, first, second };
}
