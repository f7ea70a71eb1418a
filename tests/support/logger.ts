/** A logger that keeps what it is told, for tests that read the log. */
import type { Logger } from '../../module/host';

export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

export interface CollectingLogger extends Logger {
  readonly entries: readonly LogEntry[];
  /** Everything logged so far as one text, to search it for what must never be in a log. */
  text(): string;
}

export function collectingLogger(): CollectingLogger {
  const entries: LogEntry[] = [];
  const at = (level: LogEntry['level']) => (fields: object, message: string) => {
    entries.push({ level, fields, message });
  };
  return {
    entries,
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    text: () =>
      entries.map((entry) => `${entry.level} ${entry.message} ${readable(entry.fields)}`).join('\n'),
  };
}

/** JSON that also shows an Error's own text, which JSON.stringify leaves out. */
function readable(fields: object): string {
  return JSON.stringify(fields, (_key, value: unknown) =>
    value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value,
  );
}
