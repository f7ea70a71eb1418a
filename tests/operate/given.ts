/** Configurations as operators have them, in a folder of their own. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';

const NOBODY = 65_534;

/** Root may read and write everywhere, so tests that run as root do this as somebody else. */
export async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

export const newSecret = (): string => randomBytes(32).toString('base64url');

export interface Folder {
  readonly path: string;
  /** Writes a configuration that is all right but for what is told. @returns its path */
  configuration(told?: Readonly<Record<string, unknown>>, mode?: number): string;
  file(name: string, content: string): string;
}

/** A folder that is there from before the first test until after the last. */
export function aFolder(): Folder {
  let path = '';
  let count = 0;
  beforeAll(() => {
    path = mkdtempSync(join(tmpdir(), 'affiliates-operate-'));
  });
  afterAll(() => {
    rmSync(path, { recursive: true, force: true });
  });
  const file = (name: string, content: string) => {
    writeFileSync(join(path, name), content);
    return join(path, name);
  };
  return {
    get path() {
      return path;
    },
    file,
    configuration(told = {}, mode = 0o600) {
      const whole = {
        database: `sqlite:${join(path, 'affiliates.sqlite')}`,
        secrets: [newSecret()],
        hostSecrets: [newSecret()],
        ...told,
      };
      const written = file(`affiliates-${++count}.yaml`, stringify(whole));
      chmodSync(written, mode);
      return written;
    },
  };
}
