/** Commands whose acknowledgement was lost come again, as they do after five minutes, which no case waits for. */
import { parseJson } from '../json';
import type { Passed } from './front';
import { ACKS, COMMANDS } from './notes';

export interface LostCommands {
  /** The portal acknowledged these, and nobody hears of it. */
  forget(body: string): void;
  /** @param again whether what was lost comes along @returns what the portal is to read */
  fetched(passed: Passed, again: boolean): Passed;
}

export function createLostCommands(): LostCommands {
  const known = new Map<string, unknown>();
  const lost = new Set<string>();
  return {
    forget(body) {
      for (const { id } of ACKS.safeParse(parseJson(body)).data?.acks ?? []) lost.add(id);
    },
    fetched(passed, again) {
      const { commands } = COMMANDS.parse(parseJson(passed.text));
      for (const command of commands) known.set(command.id, command);
      if (!again || lost.size === 0) return passed;
      const more = [...lost].map((id) => known.get(id)).filter((command) => command !== undefined);
      lost.clear();
      const headers = { 'content-type': 'application/json' };
      return { status: 200, headers, text: JSON.stringify({ commands: [...commands, ...more] }) };
    },
  };
}
