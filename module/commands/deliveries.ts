import { reportOf } from '../faults';
import type { Logger } from '../host';

/**
 * One delivery at a time. Asked for while one is under way, another follows it and serves all who asked meanwhile.
 * Never rejects: what could not be delivered is logged, and waits for the next time.
 */
export function createDeliveries(deliver: () => Promise<void>, logger: Logger): { now: () => Promise<void> } {
  let running = Promise.resolve();
  let following: Promise<void> | undefined;
  const run = async () => {
    following = undefined;
    try {
      await deliver();
    } catch (error) {
      logger.error(reportOf(error), 'what the host must do could not be delivered');
    }
  };
  return {
    now: () => {
      following ??= running = running.then(run);
      return following;
    },
  };
}
