/** Retries come by themselves: a timer of the process's own, which keeps nobody alive and ends with the program. */
import { createSchedule } from '../../module/webhooks/schedule';
import { collectingLogger } from '../support/logger';

const MINUTE = 60_000;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A schedule whose runs say when they want the next, one after the other; then never again. */
function givenSchedule(...wishes: (number | null | Error)[]) {
  const logger = collectingLogger();
  const ran: number[] = [];
  const run = async () => {
    ran.push(Date.now());
    const wish = wishes.shift() ?? null;
    if (wish instanceof Error) throw wish;
    return wish === null ? null : Date.now() + wish;
  };
  const schedule = createSchedule(run, { now: () => Date.now(), logger });
  const start = Date.now();
  return { schedule, logger, times: () => ran.map((at) => at - start) };
}

describe('The schedule of deliveries', () => {
  it('runs again when something is due, and then rests', async () => {
    const { schedule, times } = givenSchedule(5000, null);
    await schedule.now();
    await jest.advanceTimersByTimeAsync(4999);
    expect(times()).toEqual([0]);
    await jest.advanceTimersByTimeAsync(1);
    expect(times()).toEqual([0, 5000]);
    await jest.advanceTimersByTimeAsync(100 * MINUTE);
    expect(times()).toHaveLength(2);
  });

  it('looks once a minute at what is due later, and never more than once a second', async () => {
    const { schedule, times } = givenSchedule(24 * 60 * MINUTE, -1, null);
    await schedule.now();
    await jest.advanceTimersByTimeAsync(2 * MINUTE);
    expect(times()).toEqual([0, MINUTE, MINUTE + 1000]);
  });

  it('tries again after a run that failed', async () => {
    const { schedule, times, logger } = givenSchedule(new Error('no database'), null);
    await schedule.now();
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(times()).toEqual([0, MINUTE]);
    expect(logger.entries).toHaveLength(1);
  });

  it('runs no more once it has ended', async () => {
    const { schedule, times } = givenSchedule(5000, 5000);
    await schedule.now();
    await schedule.end();
    await schedule.now();
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(times()).toEqual([0]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
