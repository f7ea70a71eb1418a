import { describeOnEachDatabase } from './support/databases';
import { settableClock } from './support/clock';

describe('The settable clock', () => {
  it('stands still until it is moved', () => {
    const clock = settableClock('2026-01-31T00:00:00Z');
    expect(clock.now().toISOString()).toBe('2026-01-31T00:00:00.000Z');
    clock.advance({ days: 3, hours: 1 });
    expect(clock.now().toISOString()).toBe('2026-02-03T01:00:00.000Z');
    clock.set('2025-06-01T12:00:00+02:00');
    expect(clock.now().toISOString()).toBe('2025-06-01T10:00:00.000Z');
  });

  it('refuses what is not an instant', () => {
    expect(() => settableClock('yesterday')).toThrow("'yesterday' is not an ISO instant");
  });
});

describeOnEachDatabase('A test database', (database) => {
  it('is empty and takes tables', async () => {
    const connection = database.connect(await database.empty());
    await connection.schema.createTable('things', (table) => table.integer('id').primary());
    await connection('things').insert({ id: 1 });
    expect(await connection('things').select()).toEqual([{ id: 1 }]);
  });

  it('is another one each time', async () => {
    expect(await database.connect(await database.empty()).schema.hasTable('things')).toBe(false);
  });
});

describeOnEachDatabase('A migrated test database', (database) => {
  it.each(['once', 'twice'])('has all tables, and no rows of another test, asked for %s', async () => {
    const connection = database.connect(await database.clean());
    const answers = connection('mod_affiliates_event_answers');
    expect(await answers.clone().select()).toEqual([]);
    await answers.insert({ event_id: '1', status: 'processed', answer: '{}', answered_at: 0 });
  });
});
