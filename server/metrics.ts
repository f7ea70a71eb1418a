/** What Prometheus reads. Labels are words of ours alone: routes as they are declared, hooks that there are. */
import { Counter, Gauge, Registry } from 'prom-client';
import type { WireStore } from '../module/wire';
import { createRefusals, type Refusals } from './refusals';

export interface Metrics {
  /** @param route as it is declared; '' for none */
  countRequest(method: string, route: string, status: number): void;
  countEvent(hook: string, outcome: string): void;
  readonly refusals: Refusals;
  /** @returns everything in the text format, with its type */
  read(): Promise<{ readonly text: string; readonly type: string }>;
}

/** @param now ms */
export function createMetrics(store: WireStore, now: () => number): Metrics {
  const registers = [new Registry()] as const;
  const requests = new Counter({
    name: 'affiliates_http_requests_total',
    help: 'Requests by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    registers: [...registers],
  });
  const events = new Counter({
    name: 'affiliates_events_total',
    help: 'Events of the host by hook and outcome.',
    labelNames: ['hook', 'outcome'],
    registers: [...registers],
  });
  const refresh = addGauges(registers[0], store, now);
  return {
    countRequest: (method, route, status) => requests.inc({ method, route, status }),
    countEvent: (hook, outcome) => events.inc({ hook, outcome }),
    refusals: createRefusals(registers[0]),
    read: async () => {
      await refresh();
      return { text: await registers[0].metrics(), type: registers[0].contentType };
    },
  };
}

/** @returns a function that brings the gauges up to date */
function addGauges(registry: Registry, store: WireStore, now: () => number): () => Promise<void> {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `affiliates_${name}`, help, labelNames, registers: [registry] });
  const up = gauge('database_up', 'Whether the database answers.');
  const commands = gauge('commands_waiting', 'Commands that wait for the host, or to be told to listeners.');
  const waiting = gauge('events_waiting', 'Accepted events that wait to be processed.');
  const age = gauge('oldest_waiting_event_age_seconds', 'Age of the oldest of them; 0 when none waits.');
  const connections = gauge('database_connections', 'Connections of this process by state.', ['state']);
  return async () => {
    for (const [state, count] of Object.entries(store.pool())) connections.set({ state }, count);
    try {
      const backlog = await store.backlog();
      commands.set(backlog.commands);
      waiting.set(backlog.events);
      age.set(backlog.oldestEventAt === null ? 0 : Math.max(0, now() - backlog.oldestEventAt) / 1000);
      up.set(1);
    } catch {
      // Nothing is known then, which is not the same as that nothing waits.
      for (const unknown of [commands, waiting, age]) unknown.set(NaN);
      up.set(0);
    }
  };
}
