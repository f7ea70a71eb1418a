/** Something the person who starts or uses the portal can put right; its message is a sentence for them. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    message: string,
    /** The HTTP status a page answers with; no part of a failed start. */
    readonly statusCode = 422,
  ) {
    super(message);
  }
}

/** @returns the system's or the database driver's code of an error ('EACCES', 'ER_BAD_DB_ERROR'), '' without one. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** @returns a fault as it may be logged: its code and its place, for a driver's message quotes what was sent to it. */
export function faultOf(error: unknown): { code: string; at: string[] } {
  if (!(error instanceof Error)) return { code: typeof error, at: [] };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { code: codeOf(error) || error.name, at: frames.slice(0, 8).map((line) => line.trim()) };
}
