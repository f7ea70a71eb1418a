/** The import rules hold (`npm run imports`), and each of them is able to fail: broken once here, it says so. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');

/** [the rule, the file that breaks it, what it imports] */
const BROKEN: readonly (readonly [string, string, string])[] = [
  ['ledger-knows-only-upstream', 'module/ledger/post.ts', '../affiliates'],
  ['affiliates-knows-only-upstream', 'module/affiliates/enroll.ts', '../commissions'],
  ['clicks-knows-only-upstream', 'module/clicks/record.ts', '../referrals'],
  ['referrals-knows-only-upstream', 'module/referrals/attribute.ts', '../terms'],
  ['terms-knows-only-upstream', 'module/terms/versions.ts', '../commissions'],
  ['commissions-knows-only-upstream', 'module/commissions/earn.ts', '../withdrawals'],
  ['withdrawals-knows-only-upstream', 'module/withdrawals/pay.ts', '../commissions'],
  ['corrections-knows-only-upstream', 'module/corrections/propose.ts', '../withdrawals'],
  ['disputes-knows-only-upstream', 'module/disputes/open.ts', '../withdrawals'],
  ['imports-knows-only-upstream', 'module/imports/bring.ts', '../withdrawals'],
  ['services-know-no-noun', 'module/commands/run.ts', '../affiliates'],
  ['the-proof-asks-no-noun', 'module/proof/check.ts', '../terms'],
  ['no-noun-knows-who-checks-it', 'module/withdrawals/decide.ts', '../proof'],
  ['no-noun-knows-who-checks-it', 'module/events/act.ts', '../replay'],
  ['business-knows-no-room-above', 'module/daily.ts', '../pages/page'],
  ['hooks-and-pages-know-the-business-only', 'hooks/visit.ts', '../pages/page'],
  ['product-knows-no-portal', 'server/main.ts', '../portal/main'],
  ['portal-uses-the-front-door', 'portal/app.ts', '../module/daily'],
  ['rules-are-pure', 'module/affiliates/rules.ts', '../daily'],
  ['rules-know-no-sql', 'module/clicks/rules.ts', 'knex'],
  ['a-noun-is-entered-at-its-index', 'module/referrals/close.ts', '../affiliates/enroll'],
  ['a-noun-is-entered-at-its-index', 'module/nightly.ts', './affiliates/enroll'],
  ['a-noun-is-entered-at-its-index', 'index.ts', './module/affiliates/enroll'],
  ['sql-stays-in-the-business', 'pages/loader.ts', 'knex'],
  ['handlebars-is-for-pages', 'module/mail.ts', 'handlebars'],
  ['tokens-are-for-the-edges', 'module/keys.ts', 'jsonwebtoken'],
  ['product-needs-only-its-dependencies', 'server/serve.ts', '@fastify/formbody'],
  ['nothing-needs-tests', 'hooks/table.ts', '../tests/given'],
  ['no-cycles', 'module/errors.ts', './settings'],
  ['imports-exist', 'module/host.ts', './nowhere'],
];

/** What the broken files import, and a file that nobody imports. */
const AROUND = [
  ...['affiliates', 'referrals', 'terms', 'commissions', 'withdrawals'].map(
    (noun) => `module/${noun}/index.ts`,
  ),
  'module/proof/index.ts',
  'module/replay/index.ts',
  'pages/page.ts',
  'portal/main.ts',
  'tests/given.ts',
  'module/forgotten.ts',
];

/** [the rule, the file that breaks it]: by an import, or alone. */
const EXPECTED: readonly (readonly [string, string])[] = [
  ...BROKEN.map(([rule, file]) => [rule, file] as const),
  ['no-orphans', 'module/forgotten.ts'],
];

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
}

describe('The import rules', () => {
  let folder = '';
  let violations: string[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'affiliates-imports-'));
    for (const file of AROUND) write(file, 'export {};\n');
    write('module/settings.ts', `export * from './errors';\n`);
    for (const [, file, target] of BROKEN) write(file, `export * from '${target}';\n`);
    for (const file of ['.dependency-cruiser.cjs', 'package.json', 'tsconfig.json']) {
      cpSync(join(ROOT, file), join(folder, file));
    }
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    violations = cruise().map(({ rule, from }) => `${rule.name} in ${from}`);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(EXPECTED)('%s is reported where %s breaks it', (rule, file) => {
    expect(violations).toContain(`${rule} in ${file}`);
  });

  it('are all broken here', () => {
    const { forbidden } = jest.requireActual<{ forbidden: { name: string }[] }>('../.dependency-cruiser.cjs');
    const broken = EXPECTED.map(([rule]) => rule);
    expect([...new Set(broken)].sort()).toEqual(forbidden.map(({ name }) => name).sort());
  });

  function write(file: string, content: string): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }

  function cruise(): Violation[] {
    const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const switches = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', '.'];
    const json = execFileSync(process.execPath, [program, ...switches], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 60_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    return (JSON.parse(json) as { summary: { violations: Violation[] } }).summary.violations;
  }
});
