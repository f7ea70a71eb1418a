/** The house rules that no other check knows: what files never say, and what every table and migration is like. */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { MIGRATIONS } from '../module/database/migrations';

const ROOT = join(__dirname, '..');
/** What is made or fetched, never written. */
const NOT_OURS = ['.git', 'coverage', 'data', 'dist', 'node_modules', 'screenshots'];
const TEXT = /\.(ts|js|cjs|mjs|json|md|hbs|css|sql|php|svg|conf|service|yaml)$|\/(run|Dockerfile)$/;

/** [what it is, what it looks like]; a product's files speak of the product alone, and are done. */
const NEVER: readonly (readonly [string, RegExp])[] = [
  ['a folder of somebody’s machine', /(?<![\w.:/])\/(work|root|home|Users)\/\w/],
  ['the address of a package registry', /registry\.[a-z]+\.(org|com)|"resolved":/],
  ['something left to do', /\b(TODO|FIXME|HACK)\b/],
  ['both sides of a merge', /^(<{7}|>{7}) /],
  ['how it was written', /\b(language model|chat ?bot|as an ai\b|ai assistant)/i],
];

describe('Our files', () => {
  const files = ourFiles();

  it('are found', () => {
    expect(files.length).toBeGreaterThan(100);
  });

  it.each(NEVER)('never hold %s', (_what, pattern) => {
    const self = basename(__filename);
    const found = files.filter((file) => basename(file) !== self).flatMap((file) => linesWith(pattern, file));
    expect(found).toEqual([]);
  });

  it.each(NEVER)('would be found to hold %s', (_what, pattern) => {
    const examples = [
      'see /home/anna/notes',
      '"resolved": "x"',
      '// TODO later',
      '<<<<<<< HEAD',
      'written by a language model',
    ];
    expect(examples.filter((example) => pattern.test(example))).toHaveLength(1);
  });
});

describe('The migrations', () => {
  const names = MIGRATIONS.map(({ name }) => name);

  it('are numbered, each after the one before it', () => {
    expect(names.filter((name) => !/^\d{4}_[a-z_]+$/.test(name))).toEqual([]);
    expect(names).toEqual([...new Set(names)].sort());
  });
});

describe.each(['sqlite', 'mariadb'])('The schema on %s', (kind) => {
  const tables = readFileSync(join(ROOT, 'docs/schema', `${kind}.sql`), 'utf8')
    .split('\n\n')
    .filter((statement) => statement.startsWith('CREATE TABLE'));

  it('has tables of ours alone, each with a primary key', () => {
    expect(tables.length).toBeGreaterThan(20);
    expect(tables.filter((table) => !table.startsWith('CREATE TABLE `mod_affiliates_'))).toEqual([]);
    expect(tables.filter((table) => !/primary key/i.test(table))).toEqual([]);
  });

  it('counts in integers, never in fractions', () => {
    expect(tables.filter((table) => /\b(float|double|decimal|real|numeric)\b/i.test(table))).toEqual([]);
  });
});

function ourFiles(): string[] {
  const tops = readdirSync(ROOT, { withFileTypes: true }).filter(({ name }) => !NOT_OURS.includes(name));
  return tops
    .flatMap((top) =>
      top.isDirectory()
        ? readdirSync(join(ROOT, top.name), { recursive: true, encoding: 'utf8' }).map((file) =>
            join(top.name, file),
          )
        : [top.name],
    )
    .filter((file) => TEXT.test(file));
}

function linesWith(pattern: RegExp, file: string): string[] {
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
  return lines.flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : []));
}
