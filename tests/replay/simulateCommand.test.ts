/** `affiliates simulate`, as an operator runs it. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Simulation } from '../../module/replay';
import { affiliates, COMMAND_LIMIT_MS } from '../support/command';
import { describeOnEachDatabase } from '../support/databases';
import { given } from '../support/given';
import { everythingKept } from '../support/invariants';
import { PROGRAM, twoWeeks } from './given';

describeOnEachDatabase('affiliates simulate', (database) => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'affiliates-terms-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  function file(name: string, content: string): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  }

  it(
    'prints a table of what would have been earned, or all of it as JSON, and leaves the database as it is',
    async () => {
      const url = await database.clean();
      const test = await given.program({ ...database, clean: () => Promise.resolve(url) });
      const { one } = await twoWeeks(test);
      const kept = await everythingKept(test.knex);
      await test.close();
      const path = url.slice('sqlite:'.length);
      const digest = () => createHash('sha256').update(readFileSync(path)).digest('hex');
      const before = database.name === 'SQLite' ? digest() : '';
      const terms = file('new.yaml', PROGRAM('20%'));
      const words = ['simulate', '--terms', terms, '--since', '2026-03-02', '--database', url];
      const { status, stdout, stderr } = affiliates(words);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const cells = stdout.split('\n').map((line) => line.split('│').map((cell) => cell.trim()));
      expect(cells).toContainEqual(['', `${one.id} ${one.code}`, '$30.00', '$50.00', '+$20.00', '1', '']);
      expect(cells).toContainEqual(['', 'All in USD', '$35.00', '$60.00', '+$25.00', '2', '']);
      expect(stdout).toMatch(/\nNothing was changed\.\n$/);
      const json = JSON.parse(affiliates([...words, '--json']).stdout) as Simulation & { since: number };
      expect(json).toMatchObject({ since: Date.parse('2026-03-02T00:00:00Z'), totals: [{ after: 6000 }] });
      if (database.name === 'SQLite') expect(digest()).toBe(before);
      expect(await everythingKept(database.connect(url))).toBe(kept);
    },
    COMMAND_LIMIT_MS,
  );

  it(
    'says in one sentence what is wrong with its terms or its day',
    async () => {
      const url = await database.clean();
      const test = await given.program({ ...database, clean: () => Promise.resolve(url) });
      await test.affiliate();
      await test.close();
      const good = file('good.yaml', PROGRAM('20%'));
      const refused: [string, string, RegExp][] = [
        [
          file('broken.yaml', '- [scope'),
          '2026-01-01',
          /broken\.yaml: The terms are no YAML: look at line 1\.\n$/,
        ],
        [
          file('typo.yaml', '- { scope: program, rat: 20% }'),
          '2026-01-01',
          /typo\.yaml: Entry 1 of the terms: there is no “rat”\.\n$/,
        ],
        [good, '2026-13-01', /^--since must be a day such as 2026-01-01, not '2026-13-01'\.\n$/],
        [
          file('who.yaml', '- { scope: affiliate, key: 99, rate: 1% }'),
          '2026-01-01',
          /^There is no affiliate 99\.\n$/,
        ],
      ];
      for (const [terms, since, sentence] of refused) {
        const words = ['simulate', '--terms', terms, '--since', since, '--database', url];
        const { status, stdout, stderr } = affiliates(words);
        expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
        expect(stderr).toMatch(sentence);
      }
    },
    COMMAND_LIMIT_MS,
  );
});
