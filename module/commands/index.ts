export { askHost, type Asking } from './askHost';
export { createDeliveries } from './deliveries';
export { enqueue } from './enqueue';
export {
  answerTo,
  countWaitingCommands,
  makeDue,
  troubledCommands,
  type ClaimedCommand,
  type TroubledCommand,
} from './queries';
export type {
  AnnouncementName,
  Announcements,
  Command,
  CommandAnswer,
  MailName,
  Sentence,
  SentenceParameters,
} from './rules';
export {
  acknowledge,
  fetchCommands,
  type Acknowledged,
  type Acknowledgement,
  type FetchedCommand,
  type RemoteOutbox,
} from './remote';
export { requestOf, type AnyHostAnswer, type HostCommand } from './request';
export { runCommands, type CommandRunner } from './run';
export { createListeners, type Listeners } from './listeners';
