/** What the portal is to do. */
import { ulid } from 'ulid';
import { STAFF, switchOn, type Scene } from '../scene';
import { Wrong } from '../steps';
import { DEPARTMENT, THRESHOLD } from '../trial';
import { isAffiliatesError } from '../../../module/errors';
import { parseAmount } from '../../../module/money';
import type { Case } from './case';

/** Whole units; more than the least that can be withdrawn. */
const PAID_OUT = THRESHOLD + 10;

export const COMMANDS: readonly Case[] = [
  {
    name: 'ticket',
    title: 'A client asks for the program in a ticket, and the ticket is answered',
    async run(scene) {
      const client = await scene.client();
      const told = {
        client,
        department: DEPARTMENT,
        subject: 'Your affiliate program',
        message: 'May I join?',
      };
      const { id: ticketId } = await scene.portal.step('openTicket', told);
      await scene.deliver();
      const request = await scene.trial.reads.openRequestOf(client);
      if (request?.ticketId !== ticketId)
        throw new Wrong('The ticket asks for the affiliate program, and no request of the client arrived.');
      await switchOn(scene.trial.acts, client, ticketId);
      await scene.deliver();
      expectDone(scene, 'replyTicket');
    },
  },
  {
    name: 'credit_once',
    title: 'An affiliate is paid as account credit, and the acknowledgement is lost: it is given once',
    async run(scene) {
      const affiliate = await scene.affiliate();
      await scene.deliver();
      const before = await creditOf(scene, affiliate.clientId);
      scene.become('forgetful');
      await payOut(scene, affiliate);
      await scene.portal.step('deliver', {});
      scene.become('open');
      await scene.deliver();
      expectDone(scene, 'addCredit');
      const given = (await creditOf(scene, affiliate.clientId)) - before;
      if (given !== scene.units(PAID_OUT))
        throw new Wrong(
          `${scene.money(given)} were given, and should be ${scene.money(scene.units(PAID_OUT))}.`,
        );
    },
  },
];

/** Staff give an affiliate something, who asks for it, and approve that. */
async function payOut(
  { trial: { acts }, currency, units }: Scene,
  { id: affiliateId, clientId }: { id: number; clientId: string },
): Promise<void> {
  const given = {
    affiliateId,
    currency,
    amount: units(PAID_OUT),
    direction: 'credit',
    reason: 'Conformance',
  } as const;
  await acts.proposeCorrection({ ...given, requestId: ulid(), staff: STAFF });
  const asked = { affiliateId, clientId, currency, method: 'credit', details: '' } as const;
  const { withdrawalId } = await acts.requestWithdrawal({ ...asked, requestId: ulid() });
  await acts.approveWithdrawal({ requestId: ulid(), staff: STAFF, withdrawalId, transactionId: '' });
}

async function creditOf({ portal, currency }: Scene, client: string): Promise<number> {
  const { amount } = await portal.step('creditOf', { client });
  try {
    return parseAmount(amount, currency, 'amount');
  } catch (error) {
    if (!isAffiliatesError(error)) throw error;
    throw new Wrong(`creditOf: ${amount} is no amount in ${currency}.`);
  }
}

function expectDone(scene: Scene, kind: string): void {
  if (!scene.notes.done.some((one) => one.kind === kind))
    throw new Wrong(`The command ${kind} was not acknowledged as done.`);
}
