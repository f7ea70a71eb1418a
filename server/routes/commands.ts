import { z } from 'zod';
import type { Acknowledgement, FetchedCommand } from '../../index';
import { isAffiliatesError } from '../../module/errors';
import { WireError } from '../errors';
import { limitOf } from '../limit';
import type { Routes } from '../route';

const LIMIT = z.object({ limit: limitOf(100, 20) });

const ID = z.string().min(1).max(64);
/** The host's own numbers come as text or as numbers. */
const NUMBER = z.union([z.string().trim().min(1).max(64), z.int().transform(String)]);

const TEXT = z.string();
const COMMAND = z.discriminatedUnion('kind', [
  command('openTicket', z.object({ clientId: TEXT, department: TEXT, subject: TEXT, message: TEXT })),
  command('replyTicket', z.object({ ticketId: TEXT, message: TEXT })),
  command('sendMail', z.object({ clientId: TEXT, subject: TEXT, html: TEXT, text: TEXT })),
  command('addCredit', z.object({ clientId: TEXT, amount: TEXT, currency: TEXT, description: TEXT })),
]);

const ANSWER = z.union([
  z.strictObject({ ticketId: NUMBER }),
  z.strictObject({ reference: NUMBER }),
  z.strictObject({ refused: z.string().transform((reason) => reason.slice(0, 200)) }),
  z.strictObject({}),
]);
const ACKS = z.object({
  acks: z
    .array(z.union([z.object({ id: ID, answer: ANSWER }), z.object({ id: ID, failed: z.literal(true) })]))
    .max(500),
});
const ACKED = z.object({
  acks: z.array(z.object({ id: ID, status: z.enum(['done', 'postponed', 'known', 'unknown']) })),
});

function command<Kind extends FetchedCommand['kind'], Request extends z.ZodType>(
  kind: Kind,
  request: Request,
) {
  const key = z.string().describe('The same when it comes again: what was done under it is not done twice.');
  return z.object({ id: ID, key, kind: z.literal(kind), request });
}

export function addCommands(routes: Routes): void {
  routes.add(
    {
      method: 'GET',
      url: '/commands',
      summary: 'What the host is to do; claimed for 5 minutes.',
      query: LIMIT,
      answer: z.object({ commands: z.array(COMMAND) }),
    },
    async ({ program, query }) => ({ commands: (await program.commands.fetch(query.limit)).map(sendable) }),
  );
  routes.add(
    {
      method: 'POST',
      url: '/commands/ack',
      summary: 'What came of commands; safe to send again.',
      body: ACKS,
      answer: ACKED,
      example: {
        body: {
          acks: [
            { id: '01KJMMA2G0ZPA1HZEX28W20003', answer: { ticketId: '13' } },
            { id: '01KJMMA2G0ZPA1HZEX28W20001', failed: true },
          ],
        },
        answer: {
          acks: [
            { id: '01KJMMA2G0ZPA1HZEX28W20003', status: 'done' },
            { id: '01KJMMA2G0ZPA1HZEX28W20001', status: 'postponed' },
          ],
        },
      },
    },
    async ({ program, body }) => {
      try {
        return { acks: await program.commands.acknowledge(body.acks satisfies Acknowledgement[]) };
      } catch (error) {
        if (isAffiliatesError(error, 'field_invalid'))
          throw new WireError('body_invalid', error.parameters.field);
        throw error;
      }
    },
  );
}

/** An amount goes over the wire as its decimal, with its currency. */
function sendable({ id, key, ...asked }: FetchedCommand): z.output<typeof COMMAND> {
  if (asked.kind !== 'addCredit') return { id, key, ...asked };
  const { clientId, money, decimal, description } = asked.request;
  const request = { clientId, amount: decimal, currency: money.currency, description };
  return { id, key, kind: 'addCredit', request };
}
