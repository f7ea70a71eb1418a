/** What a host reports of its tickets: only those that ask for the program concern us. */
import { z } from 'zod';
import { asksForProgram } from '../module/affiliates';
import { factHook } from './fact';
import { FACT, hostId, optionalId, words } from './payload';

export const ticketOpen = factHook('TicketOpen', {
  schema: z.object({
    ...FACT,
    ticketid: hostId,
    userid: optionalId,
    deptid: optionalId,
    deptname: words(100),
    subject: words(500),
    message: words(20_000),
  }),
  read({ ticketid, userid, deptid, deptname, subject, message }, { module }) {
    const ticket = { departments: [deptid, deptname], subject, message };
    // A ticket of somebody who is not signed in is nobody's request; what a ticket says is not kept.
    if (!userid || !asksForProgram(module.settings, ticket)) return null;
    return { type: 'ticket.opened', payload: { ticketId: ticketid, clientId: userid } };
  },
});
