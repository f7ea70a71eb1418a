export { createAcceptance } from './accept';
export { act } from './act';
export { createTrials, type Trials, type TriedAgain } from './again';
export type { TroubledEvent, TroubleQuery } from './againQueries';
export { answeredAfter, countAnswered, firstOutOfOrder, type ProcessedEvent } from './history';
export { handle, type Attempt, type Handlers, type Intake } from './process';
export {
  countWaiting,
  erasePersonal,
  eventById,
  forgetPart,
  forgetPersonal,
  insertPersonal,
  knownEvents,
  movePersonal,
  oldestWaitingAt,
  personalOf,
  signedUpAmong,
  sourceKey,
  troubledEvents,
  type TroubleRow,
} from './queries';
export { retryWaiting } from './retry';
