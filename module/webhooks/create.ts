import type { Knex } from 'knex';
import type { Logger } from '../host';
import { shownUrl, type Endpoint } from './endpoints';
import { publishMessages } from './publish';
import { purgeMessages } from './purge';
import { keepEndpoints } from './queries';
import { readMessages, type MessagesQuery, type WebhookMessage } from './read';
import { deliverDue } from './run';
import { createSchedule } from './schedule';
import { send } from './send';
import { writeMessages, type ReadBalances } from './tell';
import type { Told } from './rules';

/** An endpoint without its secrets. */
export interface EndpointView {
  readonly key: string;
  /** Without its query. */
  readonly url: string;
  /** null: all */
  readonly types: readonly string[] | null;
}

/** The program's webhooks as the rest of it holds them. */
export interface Webhooks {
  /** Absent where there are no endpoints: nobody is told, and nothing is written. */
  readonly tell?: (trx: Knex.Transaction, told: readonly Told[]) => Promise<void>;
  /** Where messages go, as staff may see it. */
  readonly endpoints: readonly EndpointView[];
  /** After the migrations: keeps who is there, and sends what waits for them since the last time. */
  begin(): Promise<void>;
  messages(query: MessagesQuery): Promise<{ messages: readonly WebhookMessage[]; more: boolean }>;
  /** Sends what is due; never rejects. */
  deliver(): Promise<void>;
  /** @returns how many messages are gone */
  purge(): Promise<number>;
  /** Waits for what is on its way; nothing is sent afterwards. */
  end(): Promise<void>;
}

interface WebhookParts {
  readonly knex: Knex;
  readonly endpoints: readonly Endpoint[];
  readonly logger: Logger;
  readonly now: () => number;
  readonly balancesOf: ReadBalances;
}

export function createWebhooks(parts: WebhookParts): Webhooks {
  const { knex, endpoints, now, balancesOf } = parts;
  const isUsed = endpoints.length > 0;
  const shown = endpoints.map(({ key, url, types }) => ({ key, url: shownUrl(url), types }));
  let isEnding = false;
  const run = () => deliverDue({ ...parts, send, isEnding: () => isEnding });
  const schedule = createSchedule(run, parts);
  return {
    ...(isUsed && { tell: (trx, told) => writeMessages(trx, told, balancesOf) }),
    endpoints: shown,
    begin: async () => {
      await keepEndpoints(knex, shown);
      if (isUsed) void schedule.now();
    },
    messages: async (query) => {
      // Whoever reads sees all that is committed, also before it was sent to anybody.
      await publishMessages(knex, endpoints, now());
      return readMessages(knex, query);
    },
    deliver: async () => {
      if (isUsed) await schedule.now();
    },
    purge: () => purgeMessages(knex, now()),
    end: async () => {
      isEnding = true;
      await schedule.end();
    },
  };
}
