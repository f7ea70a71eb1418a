import type { Knex } from 'knex';
import type { Currency } from '../money';
import { insertMessages, type NewMessage } from './queries';
import type { News, Told } from './rules';
import { writeBalance, writeNews, type BalanceTold } from './write';

/** Reads the balances of affiliates, as they are at the end of the transaction. */
export type ReadBalances = (
  trx: Knex.Transaction,
  affiliateIds: readonly number[],
) => Promise<readonly (BalanceTold & { readonly affiliateId: number })[]>;

/**
 * Writes down what happened, in the transaction in which it did: one insert for all of it, and one look at the balances
 * that changed, each of which is told once. A message's id follows from its event, so it is the same however often the
 * transaction has to be repeated and the message to be sent.
 */
export async function writeMessages(
  trx: Knex.Transaction,
  told: readonly Told[],
  balancesOf: ReadBalances,
): Promise<void> {
  const messages = told.flatMap(({ news, ...event }) =>
    news.flatMap((one) =>
      one.type === 'balance.changed' ? [] : [messageOf(event, one, writeNews(one, event.at))],
    ),
  );
  await insertMessages(trx, numbered([...messages, ...(await balanceMessages(trx, told, balancesOf))]));
}

type Unnumbered = NewMessage & { readonly eventId: string };

function messageOf(
  { eventId, now }: Omit<Told, 'news'>,
  { type, affiliateId }: Pick<News, 'type' | 'affiliateId'>,
  body: string,
): Unnumbered {
  return { id: '', eventId, type, affiliateId, body, createdAt: now };
}

async function balanceMessages(
  trx: Knex.Transaction,
  told: readonly Told[],
  balancesOf: ReadBalances,
): Promise<Unnumbered[]> {
  // The last event to touch a balance is the one that it is told of.
  const changes = new Map<string, { event: Omit<Told, 'news'>; affiliateId: number }>();
  for (const event of told) {
    for (const one of event.news) {
      if (one.type !== 'balance.changed') continue;
      changes.set(keyOf(one), { event, affiliateId: one.affiliateId });
    }
  }
  if (changes.size === 0) return [];
  const ids = new Set([...changes.values()].map(({ affiliateId }) => affiliateId));
  const balances = await balancesOf(trx, [...ids]);
  return balances.flatMap((balance) => {
    const change = changes.get(keyOf(balance));
    if (!change) return [];
    const { event, affiliateId } = change;
    return [
      messageOf(
        event,
        { type: 'balance.changed', affiliateId },
        writeBalance(affiliateId, balance, event.at),
      ),
    ];
  });
}

const keyOf = ({ affiliateId, currency }: { affiliateId: number; currency: Currency }) =>
  `${affiliateId}:${currency}`;

const DIGITS = 4;

/** Gives each message the number it has among those of its event. */
function numbered(messages: readonly Unnumbered[]): NewMessage[] {
  const counts = new Map<string, number>();
  return messages.map(({ eventId, ...message }) => {
    const count = counts.get(eventId) ?? 0;
    counts.set(eventId, count + 1);
    return { ...message, id: `msg_${eventId}_${String(count).padStart(DIGITS, '0')}` };
  });
}
