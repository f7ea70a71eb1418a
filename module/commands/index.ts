export { askHost, type Asking } from './askHost';
export { createDeliveries } from './deliveries';
export { enqueue } from './enqueue';
export { answerTo, makeDue, troubledCommands, type ClaimedCommand, type TroubledCommand } from './queries';
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
