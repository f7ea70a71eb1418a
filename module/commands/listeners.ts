import { reportOf } from '../faults';
import type { Logger } from '../host';
import type { AnnouncementName, Announcements } from './rules';

export interface Listeners {
  readonly add: <N extends AnnouncementName>(name: N, listener: (data: Announcements[N]) => void) => void;
  /** Tells everybody who listens; a listener that fails is logged and keeps nobody else from hearing. */
  readonly tell: <N extends AnnouncementName>(name: N, data: Announcements[N]) => void;
}

export function createListeners(logger: Logger): Listeners {
  const heard = new Map<AnnouncementName, ((data: never) => void)[]>();
  return {
    add<N extends AnnouncementName>(name: N, listener: (data: Announcements[N]) => void): void {
      heard.set(name, [...(heard.get(name) ?? []), listener]);
    },
    tell<N extends AnnouncementName>(name: N, data: Announcements[N]): void {
      for (const listener of heard.get(name) ?? []) {
        try {
          // `add` files each listener under the name whose data it takes.
          (listener as (data: Announcements[N]) => void)(data);
        } catch (error) {
          logger.error({ listener: name, ...reportOf(error) }, 'a listener failed');
        }
      }
    },
  };
}
