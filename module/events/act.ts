import { transact } from '../database/transact';
import { AffiliatesError } from '../errors';
import type { News } from '../webhooks/rules';
import { handle, toldOf, type Intake } from './process';
import { insertAnswers, insertEvents, knownEvents, sourceKey } from './queries';
import { digestOf, type ProgramEvent } from './rules';

/**
 * Carries out what a person asked for, in one transaction. Refused, nothing remains of it: a person sees why and
 * may ask again, where a host's fact would be kept. The same request again gets the first one's result.
 * @throws AffiliatesError as the verb refuses it, or event_conflict for a known request with another content
 */
export async function act(intake: Intake, event: ProgramEvent): Promise<Readonly<Record<string, unknown>>> {
  return transact(intake.knex, async (trx) => {
    const key = await intake.identityKey(trx);
    const known = (await knownEvents(trx, [event])).get(sourceKey(event));
    if (known) {
      if (known.digest === digestOf(event, key) && known.answer.status === 'processed')
        return known.answer.result;
      throw new AffiliatesError('event_conflict', { source: event.source, id: event.id });
    }
    const at = intake.now();
    const accepted = { id: intake.newId(), receivedAt: at, event };
    await insertEvents(trx, [accepted], key);
    const news: News[] = [];
    const result = await handle(intake, trx, accepted, { at, recorded: null, news });
    await intake.tell?.(trx, [toldOf(accepted, at, news)]);
    await insertAnswers(trx, [{ eventId: accepted.id, answer: { status: 'processed', result }, at }]);
    return result;
  });
}
