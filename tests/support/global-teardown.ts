import { rmSync } from 'node:fs';
import type { RunResources } from './global-setup';

/** Stops what the run has started, and leaves no file of it behind. */
export default async function globalTeardown(): Promise<void> {
  const run = (globalThis as { affiliatesTestRun?: RunResources }).affiliatesTestRun;
  if (!run) return;
  run.closeDesk();
  const mariaDb = await run.mariaDb?.catch(() => undefined);
  await mariaDb?.stop();
  rmSync(run.folder, { recursive: true, force: true });
}
