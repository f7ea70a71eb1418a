export { createAcceptance } from './accept';
export { act } from './act';
export type { Handlers, Intake } from './process';
export {
  erasePersonal,
  eventById,
  forgetPersonal,
  movePersonal,
  troubledEvents,
  type TroubleRow,
} from './queries';
export { retryWaiting } from './retry';
