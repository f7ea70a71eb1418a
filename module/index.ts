/** Puts the business together: the history's way in, people's acts, reads, clicks, the nightly order, the outbox. */
import type { Knex } from 'knex';
import { monotonicFactory } from 'ulid';
import { createActs } from './acts';
import { affiliateOfEarlierCookie, allGroups } from './affiliates';
import { createClicks, type Clicks } from './clicks';
import { createListeners, type Asking, type Listeners } from './commands';
import { affiliatesToMark, isAnythingDue } from './commissions';
import { runDaily, type DailyReport } from './daily';
import { act, createAcceptance, createTrials, retryWaiting, type Intake, type Trials } from './events';
import { followUp } from './followUp';
import { HANDLERS } from './handlers';
import type { Clock, Host, Logger } from './host';
import { isImportDue } from './imports';
import { hashAccounts, hashEmail, hashPostal, identityKeyReader, makeIdentityKey } from './keys';
import { balancesOfAll, sealJournal } from './ledger';
import type { Module } from './module';
import { createOutbox, type Outbox } from './outbox';
import { proveAndKeep } from './proof';
import { createReads } from './reads';
import { createSightings, hashNetwork, purgeNetworks } from './referrals';
import { seedTerms } from './seedTerms';
import type { Settings } from './settings';
import { createWebhooks, type Endpoint, type Webhooks } from './webhooks';
import { purgeUsedTokens } from './wire';

export interface ModuleParts {
  readonly knex: Knex;
  readonly settings: Settings;
  /** The first signs, all verify. */
  readonly secrets: readonly [string, ...string[]];
  /** null where the host fetches what it must do. */
  readonly host: Host | null;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Writes what people read, which this side of the house cannot. */
  readonly words: Pick<Asking, 'write' | 'writeMail'>;
  /** Where messages go for those who subscribed. */
  readonly endpoints: readonly Endpoint[];
}

/** The module with the ends that only the front door holds. */
export interface RunningModule extends Module, Trials {
  /** After the migrations: the program's key, the first version of the terms, a new one where the settings changed. */
  seed(): Promise<void>;
  readonly clicks: Clicks;
  readonly on: Listeners['add'];
  readonly webhooks: Pick<Webhooks, 'messages' | 'deliver'>;
  daily(): Promise<DailyReport>;
  readonly outbox: Outbox;
  /** Resolves when nothing that was handed in is still on its way; nothing is delivered after it. */
  drain(how: { readonly deliver: boolean }): Promise<void>;
}

export function createModule(parts: ModuleParts): RunningModule {
  const { knex, settings, clock, logger } = parts;
  const now = () => clock().getTime();
  // Monotonic, so that what one event writes in a row also sorts in that row.
  const nextUlid = monotonicFactory();
  const newId = () => nextUlid(now());
  const identityKey = identityKeyReader();
  const webhooks = createWebhooks({ ...parts, now, balancesOf: balancesOfAll });
  const { tell } = webhooks;
  const intake: Intake = { knex, settings, logger, handlers: HANDLERS, now, newId, identityKey, tell };
  const accept = createAcceptance(intake);
  const reads = createReads(knex, settings, now);
  const listeners = createListeners(logger);
  const onCounted = (click: { affiliateId: number }) => listeners.tell('AffiliateClickthru', click);
  const clicks = createClicks({ ...parts, newId, onCounted });
  const outbox = createOutbox({
    ...parts,
    department: settings.ticketDepartment,
    announce: listeners.tell,
    now,
    follow: (command, answer) => followUp({ knex, accept, now }, command, answer),
    retry: async () => (await retryWaiting(intake, now())).processed,
  });
  return {
    settings,
    now,
    accept,
    ...createHashes(() => identityKey(knex)),
    noteSeen: createSightings({ knex, logger, now, identityKey }),
    isEarlierCookieGood: async (legacyId, at) =>
      (await affiliateOfEarlierCookie(knex, legacyId, at)) !== null,
    acts: createActs(intake),
    reads,
    endpoints: webhooks.endpoints,
    seed: async () => {
      await makeIdentityKey(knex);
      await seedTerms(intake);
      await webhooks.begin();
    },
    clicks,
    on: listeners.add,
    webhooks,
    ...createTrials(intake, accept),
    daily: async () => {
      const report = await runDaily(nightlyOrder(intake, clicks, webhooks));
      await outbox.deliver();
      void webhooks.deliver();
      return report;
    },
    outbox: telling(webhooks, outbox),
    drain: async ({ deliver }) => {
      await clicks.drain();
      await accept.drain();
      if (deliver) await outbox.deliver();
      await webhooks.end();
    },
  };
}

/** What is compared without being kept, hashed under the program's own key. */
function createHashes(
  key: () => Promise<string>,
): Pick<Module, 'hashEmail' | 'hashAccounts' | 'hashPostal' | 'hashNetwork'> {
  return {
    hashEmail: async (address) => hashEmail(await key(), address),
    hashAccounts: async (written) => hashAccounts(await key(), written),
    hashPostal: async (address) => hashPostal(await key(), address),
    hashNetwork: async (ip) => hashNetwork(await key(), ip),
  };
}

/** What the host answers is told to those who subscribed. They may be slow, and nobody here waits for them. */
function telling(webhooks: Webhooks, outbox: Outbox): Outbox {
  return {
    ...outbox,
    deliver: async () => {
      await outbox.deliver();
      void webhooks.deliver();
    },
    acknowledge: async (acknowledgements) => {
      const taken = await outbox.acknowledge(acknowledgements);
      void webhooks.deliver();
      return taken;
    },
  };
}

function nightlyOrder(intake: Intake, clicks: Clicks, webhooks: Webhooks): Parameters<typeof runDaily>[0] {
  const { knex, logger, now, newId } = intake;
  const by = { kind: 'system' } as const;
  const turn = (type: 'day.turned' | 'groups.reviewed') =>
    act(intake, { source: 'daily', id: newId(), type, occurredAt: now(), by, payload: {} });
  return {
    logger,
    clearBatch: async () => {
      if (!(await isAnythingDue(knex, now())) && !(await isImportDue(knex, now()))) return 0;
      return Number((await turn('day.turned'))['cleared']);
    },
    promote: async () => {
      const hasPromotion = (await allGroups(knex)).some(({ promoteAt }) => promoteAt !== null);
      return hasPromotion ? Number((await turn('groups.reviewed'))['promoted']) : 0;
    },
    review: async () => {
      let marked = 0;
      for (const counted of await affiliatesToMark(knex, now())) {
        const event = { id: newId(), type: 'affiliate.marked', payload: counted } as const;
        const answer = await act(intake, { source: 'daily', occurredAt: now(), by, ...event });
        if (answer['marked']) marked++;
      }
      return marked;
    },
    retry: () => retryWaiting(intake, now()),
    purge: async () => {
      const gone = await clicks.purge(now());
      const networks = await purgeNetworks(knex, now());
      return gone.clicks + gone.visitors + networks + (await purgeUsedTokens(knex, now()));
    },
    purgeMessages: webhooks.purge,
    seal: () => sealJournal(knex, now()),
    prove: () => proveAndKeep(knex, { id: newId(), now: now() }),
  };
}
