import type { Scene } from '../scene';

/** One thing that portals get wrong. */
export interface Case {
  /** As it is asked for. */
  readonly name: string;
  /** What happens, and what is right. */
  readonly title: string;
  /** @throws Wrong for what is not as it should be, NotOffered for what the portal does not have */
  run(scene: Scene): Promise<void>;
}
