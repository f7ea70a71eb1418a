/** For how long terms give anything, and how much at most: durations and limits, up to their borders. */
import type { Duration, Limits } from '../../module/terms/rules';
import { earn, earnTogether, fixed, itEarns, limits, percent, type Case } from './given';

const lasting = (recurring: Duration, more: Case = {}): Case => ({ ...more, program: { recurring } });
const nth = (payment: number): Case => ({ before: { payments: payment - 1 } });
const later: Case = { facts: { firstOfService: false } };

/** A referral that first earned at one time, and pays again at another. */
const months = (count: number, first: string, again: string, timeZone = 'UTC'): Case =>
  lasting(
    { months: count },
    {
      before: { firstEarnedAt: Date.parse(first), payments: 1 },
      facts: { paidAt: Date.parse(again), timeZone },
    },
  );

describe('A duration', () => {
  itEarns([
    ['every payment: the first earns', lasting('every', nth(1)), 1000],
    ['every payment: the ninety-ninth earns', lasting('every', { ...nth(99), ...later }), 1000],
    ['once: the first payment of a service earns', lasting('once'), 1000],
    ['once: its second payment does not', lasting('once', later), 0, 'not_first_payment'],
    ['once: the first payment of another service of the same client earns', lasting('once', nth(5)), 1000],
    ['three payments: the first earns', lasting({ payments: 3 }, nth(1)), 1000],
    ['three payments: the third still earns', lasting({ payments: 3 }, nth(3)), 1000],
    ['three payments: the fourth does not', lasting({ payments: 3 }, nth(4)), 0, 'payments_used_up'],
    ['one payment: the second does not', lasting({ payments: 1 }, nth(2)), 0, 'payments_used_up'],
    ['twelve months: the first payment always earns', lasting({ months: 12 }), 1000],
    [
      'twelve months: a payment one millisecond before they end still earns',
      months(12, '2025-03-15T12:00:00.000Z', '2026-03-15T11:59:59.999Z'),
      1000,
    ],
    [
      'twelve months: a payment at the moment they end does not',
      months(12, '2025-03-15T12:00:00Z', '2026-03-15T12:00:00Z'),
      0,
      'months_over',
    ],
    [
      'one month from 31 January ends on 28 February: the day before earns',
      months(1, '2026-01-31T12:00:00Z', '2026-02-27T12:00:00Z'),
      1000,
    ],
    [
      'one month from 31 January ends on 28 February, at the same time of day',
      months(1, '2026-01-31T12:00:00Z', '2026-02-28T12:00:00Z'),
      0,
      'months_over',
    ],
    [
      'one month from 31 January of a leap year still earns on 28 February',
      months(1, '2028-01-31T12:00:00Z', '2028-02-28T12:00:00Z'),
      1000,
    ],
    [
      'one month over the change to summer time ends at the same time on the clock: 09:59 UTC in Berlin still earns',
      months(1, '2026-03-15T11:00:00Z', '2026-04-15T09:59:00Z', 'Europe/Berlin'),
      1000,
    ],
    [
      'one month over the change to summer time is an hour shorter: 10:00 UTC in Berlin does not',
      months(1, '2026-03-15T11:00:00Z', '2026-04-15T10:00:00Z', 'Europe/Berlin'),
      0,
      'months_over',
    ],
    [
      'one month over the change back to winter time is an hour longer: 10:30 UTC in Berlin still earns',
      months(1, '2026-10-15T10:00:00Z', '2026-11-15T10:30:00Z', 'Europe/Berlin'),
      1000,
    ],
    [
      'one month in Tokyo begins on the day that it is there: 28 February for 30 January, 23:00 UTC',
      months(1, '2026-01-30T23:00:00Z', '2026-02-27T23:00:00Z', 'Asia/Tokyo'),
      0,
      'months_over',
    ],
  ]);
});

const limited = (some: Partial<Limits>, more: Case = {}): Case => ({
  ...more,
  program: { limits: limits(some), ...more.program },
});

describe('A limit', () => {
  itEarns([
    ['a minimum of $3.00 raises $1.00 to $3.00', limited({ lineMinimum: 300 }, { net: 1000 }), 300],
    ['a minimum of $3.00 leaves $3.00', limited({ lineMinimum: 300 }, { net: 3000 }), 300],
    ['a minimum of $3.00 leaves $10.00', limited({ lineMinimum: 300 }), 1000],
    [
      'a minimum of $3.00 is never more than the $2.00 paid',
      limited({ lineMinimum: 300 }, { net: 200 }),
      200,
    ],
    [
      'a minimum does not raise 0 %',
      limited({ lineMinimum: 300 }, { program: { rate: percent(0) } }),
      0,
      'rate_is_zero',
    ],
    [
      'a minimum does not raise what rounds to nothing',
      limited({ lineMinimum: 5 }, { net: 4 }),
      0,
      'rounds_to_nothing',
    ],
    ['a maximum of $5.00 clamps $10.00 to $5.00', limited({ lineMaximum: 500 }), 500],
    ['a maximum of $10.00 leaves $10.00', limited({ lineMaximum: 1000 }), 1000],
    [
      'a maximum of $5.00 clamps a fixed $8.00',
      limited({ lineMaximum: 500 }, { program: { rate: fixed(800) } }),
      500,
    ],
    ['a maximum of $0.00 leaves nothing', limited({ lineMaximum: 0 }), 0, 'rounds_to_nothing'],
    ['a maximum in euros does not bound dollars', limited({ currency: 'EUR', lineMaximum: 50 }), 1000],
    [
      'a cap of $5.00 a month with $4.50 used clamps $1.00 to $0.50',
      limited({ periodMaximum: 500 }, { net: 1000, before: { earnedInPeriod: 450 } }),
      50,
    ],
    [
      'a cap of $5.00 a month with $4.00 used leaves $1.00',
      limited({ periodMaximum: 500 }, { net: 1000, before: { earnedInPeriod: 400 } }),
      100,
    ],
    [
      'a cap of $5.00 a month that is used up leaves nothing',
      limited({ periodMaximum: 500 }, { before: { earnedInPeriod: 500 } }),
      0,
      'period_maximum_reached',
    ],
    [
      'a cap of $5.00 of which $6.00 are used leaves nothing, and takes nothing',
      limited({ periodMaximum: 500 }, { before: { earnedInPeriod: 600 } }),
      0,
      'period_maximum_reached',
    ],
    [
      'a cap of $50.00 a year with $45.00 used clamps $10.00 to $5.00',
      limited({ periodMaximum: 5000, period: 'year' }, { before: { earnedInPeriod: 4500 } }),
      500,
    ],
    [
      'a referral that earned $95.00 of at most $100.00 earns the last $5.00',
      limited({ referralMaximum: 10_000 }, { before: { earnedByReferral: 9500 } }),
      500,
    ],
    [
      'a referral that earned its $100.00 earns nothing more',
      limited({ referralMaximum: 10_000 }, { before: { earnedByReferral: 10_000 } }),
      0,
      'referral_maximum_reached',
    ],
    [
      'of two caps the tighter one holds',
      limited(
        { referralMaximum: 1000, periodMaximum: 1000 },
        { before: { earnedByReferral: 700, earnedInPeriod: 800 } },
      ),
      200,
    ],
    [
      'a cap goes before a minimum: $0.20 left of it is $0.20',
      limited({ lineMinimum: 300, periodMaximum: 500 }, { before: { earnedInPeriod: 480 } }),
      20,
    ],
  ]);

  it('says of each amount that it clamped, and how much of the cap was left', () => {
    const { steps } = earn(limited({ periodMaximum: 500 }, { before: { earnedInPeriod: 450 } }));
    const parameters = { most: 500, used: 450, left: 50, currency: 'USD', period: 'month' };
    expect(steps.at(-1)).toEqual({ rule: 'periodMaximum', finding: 'clamped', parameters });
  });

  const cap = (more: Case = {}) => limited({ periodMaximum: 1500 }, more);
  const ofReferral = () => limited({ referralMaximum: 1500 });
  it.each([
    ['two lines of one invoice share a cap of $15.00: $10.00 and $5.00', [cap(), cap()], [1000, 500]],
    ['the third line finds it used up', [cap(), cap(), cap()], [1000, 500, 0]],
    ['a line that earns nothing uses nothing of it', [cap({ net: 0 }), cap(), cap()], [0, 1000, 500]],
    ['two lines share what a referral may earn at most', [ofReferral(), ofReferral()], [1000, 500]],
    [
      'a maximum per line is each line’s own',
      [limited({ lineMaximum: 500 }), limited({ lineMaximum: 500 })],
      [500, 500],
    ],
  ])('%s', (_sentence, lines, earned) => {
    expect(earnTogether(lines).map(({ amount }) => amount)).toEqual(earned);
  });
});
