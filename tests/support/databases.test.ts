import { describeOnEachDatabase } from './databases';

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
