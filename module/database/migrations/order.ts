import { createTable, LENGTH, type Migration } from './tables';

const ORDER = 'mod_affiliates_event_order';
const ANSWERS = 'mod_affiliates_event_answers';

/** Places for events that were answered before places were given, by when they were answered. */
const placesOfOlderAnswers: Migration = {
  name: '0061_event_order_of_older_answers',
  up: async (knex) => {
    const withoutPlace = knex({ a: ANSWERS })
      .leftJoin({ o: ORDER }, 'o.event_id', 'a.event_id')
      .whereNull('o.event_id')
      .orderBy(['a.answered_at', 'a.event_id'])
      .select('a.event_id');
    await knex(knex.raw('?? (??)', [ORDER, 'event_id'])).insert(withoutPlace);
  },
};

export const ORDER_TABLES: readonly Migration[] = [
  // The database numbers: whoever had to wait for another's rows inserts later, and on a cluster a node continues
  // after the largest number that it has seen. So what follows from something has the larger number.
  createTable('0060_event_order', ORDER, (t) => {
    t.bigIncrements('sequence');
    t.string('event_id', LENGTH.id).notNullable();
    t.unique(['event_id'], { indexName: 'event_order_event' }); // each event is processed once
  }),
  placesOfOlderAnswers,
];
