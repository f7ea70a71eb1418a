/** What the documents point at is there: files, folders and commands. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const ROOT = join(__dirname, '../..');
const DECISIONS = 'docs/decisions';
const MOST_LINES = 40;

const DOCUMENTS = [
  ...readdirSync(ROOT),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((file) => join('docs', file)),
].filter((file) => file.endsWith('.md'));

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);

/** Made by a command, or by somebody who runs one. */
const MADE = /^(dist|data|screenshots|node_modules)\//;

it('there are documents', () => {
  expect(DOCUMENTS).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'docs/translating.md']));
});

describe.each(DOCUMENTS)('%s', (document) => {
  const text = read(document);

  it('links to files that exist', () => {
    const targets = matches(text, /\]\(([^)\s]+)\)/g).filter(
      (target) => !/^(https?:|mailto:|#)/.test(target),
    );
    const missing = targets.filter((target) => {
      const [path = ''] = target.split('#');
      return !existsSync(join(ROOT, dirname(document), path));
    });
    expect(missing).toEqual([]);
  });

  it('names files that exist', () => {
    const named = matches(text, /`((?:[\w.-]+\/)+[\w.-]*)`/g);
    const folders = readdirSync(ROOT);
    const ours = named.filter((path) => folders.includes(path.split('/')[0] ?? '') && !MADE.test(path));
    // An example of a file that somebody may add.
    const wanted = ours.filter((path) => path !== 'lang/french.json');
    expect(wanted.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('The commands', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const known = Object.keys(scripts);

  it.each([...DOCUMENTS, '.ci/run', 'package.json'])('that %s runs exist', (file) => {
    const run = matches(read(file), /npm run (?:--silent |-s )?([a-z][a-z:-]*)/g);
    expect(run.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('are all explained in the README', () => {
    const forPeople = known.filter((name) => !name.startsWith('pre'));
    const explained = matches(read('README.md'), /npm (?:run )?([a-z:-]+)/g);
    expect(forPeople.filter((name) => !explained.includes(name))).toEqual([]);
  });
});

describe('The decisions', () => {
  const pages = readdirSync(join(ROOT, DECISIONS)).filter((file) => /^\d/.test(file));
  const index = read(`${DECISIONS}/README.md`);

  it('are numbered without a gap', () => {
    const numbers = pages.map((file) => Number(file.slice(0, 4)));
    expect(numbers).toEqual(pages.map((_page, place) => place + 1));
  });

  it.each(pages)('%s fits on a page, says why, and stands in the list under its title', (file) => {
    const text = read(`${DECISIONS}/${file}`);
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(MOST_LINES);
    expect(matches(text, /^## (.*)$/gm)).toEqual(['Context', 'Decision', 'Consequences']);
    const title = /^# \d+\. (.*)$/m.exec(text)?.[1] ?? '';
    expect(index).toContain(`[${title}](${basename(file)})`);
  });
});
