/** What must hold of the accepted events: I7, and that every posting has its event. */
import { firstOf, firstRow, type Check } from './check';
import { TABLE } from './tables';

const accounted: Check = {
  name: 'every_event_is_answered',
  run: firstOf(
    firstRow(TABLE.events, 'vanished', (knex) =>
      knex({ e: TABLE.events })
        .leftJoin({ a: TABLE.answers }, 'a.event_id', 'e.id')
        .leftJoin({ f: TABLE.failures }, 'f.event_id', 'e.id')
        .whereNull('a.event_id')
        .whereNull('f.event_id')
        .orderBy('e.id')
        .select({ row: 'e.id' }),
    ),
    firstRow(TABLE.answers, 'without_event', (knex) =>
      knex({ a: TABLE.answers })
        .leftJoin({ e: TABLE.events }, 'e.id', 'a.event_id')
        .whereNull('e.id')
        .orderBy('a.event_id')
        .select({ row: 'a.event_id' }),
    ),
    firstRow(TABLE.transactions, 'without_event', (knex) =>
      knex({ t: TABLE.transactions })
        .leftJoin({ e: TABLE.events }, 'e.id', 't.event_id')
        .whereNull('e.id')
        .orderBy('t.id')
        .select({ row: 't.id' }),
    ),
  ),
};

export const EVENT_CHECKS: readonly Check[] = [accounted];
