/** What befalls accounts. */
import { Wrong } from '../steps';
import type { Scene } from '../scene';
import type { AffiliateView, ReferralView } from '../../../module/views';
import type { Case } from './case';

export const CLIENTS: readonly Case[] = [
  {
    name: 'ids',
    title: 'Clients and invoices keep their ids in everything that is told of them, as text or as numbers',
    async run(scene) {
      const affiliate = await scene.affiliate();
      const client = await scene.referral(affiliate);
      const invoice = await scene.payment(client);
      await scene.deliver();
      expectId(scene, 'ClientAdd', client, ({ client_id, userid }) => client_id ?? userid);
      expectId(scene, 'InvoicePaid', invoice, ({ invoiceid }) => invoiceid);
      expectId(
        scene,
        'InvoicePaid',
        client,
        ({ invoice: of }) => (Object(of) as { userid?: unknown }).userid,
      );
    },
  },
  {
    name: 'closed',
    title: 'A client closes its account: its affiliate sees it as closed, and keeps what was earned',
    async run(scene) {
      const affiliate = await scene.affiliate();
      const client = await scene.referral(affiliate);
      await scene.payment(client);
      await scene.portal.step('closeClient', { client });
      await scene.deliver();
      await scene.earned(affiliate, scene.units(40), 'After the account was closed');
      const { status } = await onlyReferral(scene, affiliate);
      if (status !== 'closed')
        throw new Wrong('After the account was closed, the affiliate sees it as active.');
    },
  },
  {
    name: 'deleted',
    title: 'A client is deleted with all its invoices: its name is forgotten, and what was earned stays',
    async run(scene) {
      const affiliate = await scene.affiliate();
      const client = await scene.referral(affiliate);
      await scene.payment(client);
      await scene.deliver();
      if (!(await onlyReferral(scene, affiliate)).name)
        throw new Wrong('Before it is deleted, the client has no name: ClientAdd does not tell it.');
      await scene.portal.step('deleteClient', { client });
      await scene.deliver();
      const { name } = await onlyReferral(scene, affiliate);
      if (name) throw new Wrong('After the client was deleted, its name is still kept.');
      await scene.earned(affiliate, scene.units(40), 'After the client was deleted');
      // An id that is given again, to another client or invoice, would be taken for the one before.
      await scene.payment(await scene.referral(affiliate));
      await scene.deliver();
      await scene.earned(affiliate, scene.units(80), 'After the next client signed up and paid');
    },
  },
  {
    name: 'merged',
    title: 'A referral is merged into another account: what that pays from then on earns',
    async run(scene) {
      const affiliate = await scene.affiliate();
      const from = await scene.referral(affiliate);
      const into = await scene.client();
      await scene.payment(from);
      await scene.portal.step('mergeClients', { from, into });
      await scene.payment(into);
      await scene.deliver();
      await scene.earned(affiliate, scene.units(80), 'After the merged account paid as well');
    },
  },
];

/** @throws Wrong unless the hook came with the id that the portal calls it by */
function expectId(
  scene: Scene,
  hook: string,
  id: string,
  idOf: (payload: Readonly<Record<string, unknown>>) => unknown,
): void {
  const sent = scene.notes.events
    .filter((event) => event.hook === hook)
    .map(({ payload }) => String(idOf(payload)));
  if (!sent.includes(id))
    throw new Wrong(`${hook} came for ${sent.join(', ') || 'nobody'}, and not for ${id}.`);
}

async function onlyReferral(scene: Scene, { id: affiliateId }: AffiliateView): Promise<ReferralView> {
  const query = {
    affiliateId,
    currency: scene.currency,
    sort: 'signedUp',
    descending: true,
    limit: 1,
    filter: { status: 'all' },
  } as const;
  const [referral] = (await scene.trial.reads.referrals(query)).rows;
  if (!referral)
    throw new Wrong('The client is not the affiliate’s referral: ClientAdd did not bring its cookie.');
  return referral;
}
