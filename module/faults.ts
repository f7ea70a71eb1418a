/** What of a fault may be logged: its kind and its place. Its message may hold SQL with a person's data in it. */
export interface FaultReport {
  readonly fault: string;
  readonly code?: string;
  readonly at: readonly string[];
}

const MOST_FRAMES = 8;

/** @returns name, code and stack frames of whatever was thrown, without its message. */
export function reportOf(error: unknown): FaultReport {
  if (!(error instanceof Error)) return { fault: typeof error, at: [] };
  const { code } = error as Error & { code?: unknown };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return {
    fault: error.name,
    ...(typeof code === 'string' && { code }),
    at: frames.slice(0, MOST_FRAMES).map((line) => line.trim()),
  };
}

/** @returns the code that whatever was thrown carries, as drivers and Node give them; undefined for none */
export function codeOf(error: unknown): string | undefined {
  // By what it carries, not by its class: errors of drivers may come from another realm than ours.
  const { code } = Object(error) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
