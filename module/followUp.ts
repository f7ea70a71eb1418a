import type { Knex } from 'knex';
import type { ClaimedCommand, CommandAnswer } from './commands';
import { noteDisputeTicket } from './disputes';
import type { Answer, ProgramEvent } from './events/rules';
import { noteTicket } from './withdrawals';

interface Following {
  readonly knex: Knex;
  readonly accept: (event: ProgramEvent) => Promise<Answer>;
  readonly now: () => number;
}

/** What the host's answer to a command means for us. Safe to repeat: each answer is an event with a key of its own. */
export async function followUp(
  { knex, accept, now }: Following,
  command: ClaimedCommand,
  answer: CommandAnswer,
): Promise<void> {
  const reference = 'reference' in answer ? answer.reference : answer.refused;
  const refused = 'refused' in answer;
  const event = { source: 'commands', id: command.key, occurredAt: now(), by: { kind: 'host' } } as const;
  if (command.kind === 'addCredit') {
    const { withdrawalId } = command.payload;
    await accept({ ...event, type: 'payout.settled', payload: { withdrawalId, paid: !refused, reference } });
  }
  if (command.kind === 'openTicket' && !refused) {
    const { withdrawalId, disputeId, clientId } = command.payload;
    if (withdrawalId) await noteTicket(knex, withdrawalId, reference);
    else if (disputeId) await noteDisputeTicket(knex, disputeId, reference);
    else await noteOwnRequest(accept, { ...event, reference, clientId });
  }
}

/** The host need not report a ticket that we opened ourselves: it asks for the program all the same. */
async function noteOwnRequest(
  accept: Following['accept'],
  {
    reference,
    clientId,
    ...event
  }: Omit<ProgramEvent, 'type' | 'payload'> & { reference: string; clientId: string },
): Promise<void> {
  const payload = { ticketId: reference, clientId };
  await accept({ ...event, type: 'ticket.opened', payload });
}
