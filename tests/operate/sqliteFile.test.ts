/** An SQLite file as operators have it: who may open it, and whether a power cut may take something from it. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import knexFactory from 'knex';
import { diagnoseDatabase } from '../../module/diagnosis';
import { installDatabase } from '../../module/install';
import { given } from '../support/given';
import { collectingLogger } from '../support/logger';
import { aFolder, asNobody } from './given';

describe('The doctor, before an SQLite file,', () => {
  const folder = aFolder();
  let count = 0;

  it.each([
    ['that can be written, finds nothing', 0o666, 0o777, []],
    ['that cannot be written, says so', 0o444, 0o777, ['database_readonly']],
    ['in a folder that cannot be written, says so', 0o666, 0o555, ['database_readonly']],
    ['that cannot be read, says so', 0o000, 0o777, ['database_forbidden']],
    ['in a folder that cannot be entered, says so', 0o666, 0o600, ['database_forbidden']],
  ])('%s', async (_what, fileMode, folderMode, found) => {
    chmodSync(folder.path, 0o755);
    const own = join(folder.path, `data-${++count}`);
    mkdirSync(own);
    const file = join(own, 'affiliates.sqlite');
    await installDatabase(`sqlite:${file}`);
    chmodSync(file, fileMode);
    chmodSync(own, folderMode);
    try {
      const problems = await asNobody(() => diagnoseDatabase(`sqlite:${file}`, Date.now));
      const codes = problems.map(({ code }) => code);
      expect(codes.filter((code) => code.startsWith('database_'))).toEqual(found);
    } finally {
      chmodSync(own, 0o755);
    }
  });

  it('where a file stands in place of a folder, finds no database', async () => {
    const file = folder.file('no-folder', '');
    const problems = await diagnoseDatabase(`sqlite:${join(file, 'affiliates.sqlite')}`, Date.now);
    expect(problems).toEqual([{ code: 'database_missing', parameters: {} }]);
  });
});

describe('A program on a connection of its host’s to SQLite', () => {
  it.each([
    ['OFF', ['synchronous=0']],
    ['NORMAL', ['synchronous=1']],
    ['FULL', []],
    ['EXTRA', []],
  ])('with synchronous = %s warns where a power cut may lose events', async (synchronous, warned) => {
    const knex = knexFactory({
      client: 'better-sqlite3',
      connection: { filename: ':memory:' },
      useNullAsDefault: true,
      pool: { min: 1, max: 1 },
    });
    const logger = collectingLogger();
    try {
      await knex.raw(`PRAGMA synchronous = ${synchronous}`);
      const test = await given.programOn(knex, { logger });
      await test.close();
    } finally {
      await knex.destroy();
    }
    const settings = logger.entries.flatMap(({ fields }) => ('setting' in fields ? [fields['setting']] : []));
    expect(settings).toEqual(warned);
  });
});
