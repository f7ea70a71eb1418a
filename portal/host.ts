/**
 * What the affiliate program asks of this portal. Each answer is stored under the request's key in the same
 * transaction as the act, so a repeated request is answered and not done again.
 */
import type { Knex } from 'knex';
import type { Host } from '../index';
import { addCredit } from './office/clients';
import { sendMail } from './office/mails';
import type { Office } from './office/office';
import type { Client } from './office/rows';
import { addTicket, reply, tellOpened } from './office/tickets';
import { CURRENCY } from './money';

/** Who signs the program's ticket replies. */
const PROGRAM_NAME = 'Nimbus Affiliates';

/** What was asked for, or why it will never be done. */
type Answer<Done extends object> = Done | { refused: string };

export function createHost(office: Office): Host {
  const { db, now } = office;
  return {
    async openTicket({ clientId, department, subject, message }, key) {
      const answer = await once(db, now, key, (trx) =>
        forClient(trx, clientId, async ({ id }) => {
          const ticketId = await addTicket(trx, now(), { clientId: id, department, subject, message });
          return { ticketId: String(ticketId) };
        }),
      );
      // As with WHMCS's OpenTicket: who opened it makes no difference to the hook.
      if ('ticketId' in answer) await tellOpened(office, Number(answer.ticketId));
      return answer;
    },
    replyTicket: ({ ticketId, message }, key) =>
      once(db, now, key, async (trx) => {
        const ticket = await trx('portal_tickets')
          .where({ id: Number(ticketId) })
          .first();
        if (!ticket) return { refused: 'there is no such ticket' };
        await reply(trx, now(), ticket.id, { author: 'module', name: PROGRAM_NAME, message });
        return {};
      }),
    sendMail: ({ clientId, ...mail }, key) =>
      once(db, now, key, (trx) =>
        forClient(trx, clientId, async (client) => {
          await sendMail(trx, now(), client, mail);
          return {};
        }),
      ),
    addCredit: ({ clientId, money, description }, key) =>
      once(db, now, key, (trx) =>
        forClient(trx, clientId, async ({ id }) => {
          if (money.currency !== CURRENCY) return { refused: `account credit is kept in ${CURRENCY} only` };
          const credit = { clientId: id, amount: money.amount, description };
          return { reference: await addCredit(trx, now(), credit) };
        }),
      ),
  };
}

async function forClient<Done extends object>(
  trx: Knex,
  clientId: string,
  act: (client: Client) => Promise<Answer<Done>>,
): Promise<Answer<Done>> {
  const client = await trx('portal_clients')
    .where({ id: Number(clientId) })
    .first();
  return client ? act(client) : { refused: 'there is no such client' };
}

async function once<Done extends object>(
  db: Knex,
  now: () => number,
  key: string,
  act: (trx: Knex) => Promise<Answer<Done>>,
): Promise<Answer<Done>> {
  return db.transaction(async (trx) => {
    const seen = await trx('portal_idempotency').where({ idempotency_key: key }).first();
    // Only this function writes answers, and under one key always the same kind of request.
    if (seen) return JSON.parse(seen.answer) as Answer<Done>;
    const answer = await act(trx);
    // Two at once: the second fails here on the primary key, is undone, and is asked for again.
    await trx('portal_idempotency').insert({
      idempotency_key: key,
      answer: JSON.stringify(answer),
      at: now(),
    });
    return answer;
  });
}
