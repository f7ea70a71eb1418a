/** What becomes of facts on their way, when the service or the way to it is bad. */
import type { AffiliateView } from '../../../module/views';
import type { Scene } from '../scene';
import type { Way } from '../front';
import { Wrong } from '../steps';
import type { Case } from './case';

export const DELIVERY: readonly Case[] = [
  {
    name: 'service_down',
    title: 'The service refuses everything for a time: nobody is held up, and nothing is lost',
    run: (scene) => whileBad(scene, 'down'),
  },
  {
    name: 'service_hanging',
    title: 'The service takes requests and never answers: nobody is held up, and nothing is lost',
    run: (scene) => whileBad(scene, 'hanging'),
  },
  {
    name: 'answer_lost',
    title: 'Facts are taken and the answers lost: the very same facts are told again, and count once',
    run: (scene) => whileBad(scene, 'lossy'),
  },
  {
    name: 'out_of_order',
    title: 'A signup and a payment are taken later than what follows them: the end is the same',
    async run(scene) {
      const affiliate = await scene.affiliate();
      const cookie = await scene.trial.click(affiliate.code);
      for (const held of ['ClientAdd', 'InvoicePaid']) {
        scene.become('holding', held);
        const client = await scene.client({ cookie });
        const invoice = await scene.payment(client);
        await scene.refund(invoice, scene.units(120));
        await scene.portal.step('deliver', {});
        scene.become('open');
        await scene.deliver();
      }
      await scene.earned(affiliate, scene.units(60), 'After two payments, each with a quarter refunded');
    },
  },
];

/** A client signs up, pays and is refunded a quarter, and all of it is to arrive once the way is open. */
async function whileBad(scene: Scene, way: Way): Promise<void> {
  const affiliate: AffiliateView = await scene.affiliate();
  const cookie = await scene.trial.click(affiliate.code);
  scene.become(way);
  const client = await scene.client({ cookie });
  const invoice = await scene.payment(client);
  await scene.refund(invoice, scene.units(120));
  // A job has all the time that it wants for a service that hangs.
  if (way !== 'hanging') await scene.portal.step('deliver', {});
  const opened = scene.now();
  scene.become('open');
  await scene.deliver();
  expectTimes(scene, opened);
  await scene.earned(affiliate, scene.units(30), 'Once the service answered again');
}

/** @throws Wrong where a fact says that it happened when it was sent */
function expectTimes({ notes }: Scene, opened: number): void {
  const late = notes.events.find(({ payload: { at } }) => new Date(at as string | number).getTime() > opened);
  if (late) throw new Wrong(`${late.hook} has the time at which it was sent, and not at which it happened.`);
}
