import type { UnitOfWork } from '../unitOfWork';
import { insertCommands } from './queries';
import type { Command } from './rules';

/** Asks the host for something, once the transaction that this is part of has committed. */
export async function enqueue(work: UnitOfWork, ...commands: readonly Command[]): Promise<void> {
  await insertCommands(
    work.trx,
    commands.map((command) => ({ ...command, id: work.newId() })),
    work.now,
  );
}
