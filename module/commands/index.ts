export { askHost, type Asking } from './askHost';
export { createDeliveries } from './deliveries';
export { enqueue } from './enqueue';
export type { ClaimedCommand } from './queries';
export type {
  AnnouncementName,
  Announcements,
  Command,
  CommandAnswer,
  MailName,
  Sentence,
  SentenceParameters,
} from './rules';
export { runCommands, type CommandRunner } from './run';
export { createListeners, type Listeners } from './listeners';
