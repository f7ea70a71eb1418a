/** What is published works where it is installed: built, packed, unpacked at a host, required, imported and compiled. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(__dirname, '..');
const NAME = '@cloudpockets/affiliates';

/** A compiler reads the types of all our dependencies, which takes a while on a busy machine. */
const COMPILE_LIMIT_MS = 100_000;

/** Opens a program on a database of its own, and says what a page of it is titled. */
const USE = `
const unasked = async () => ({ refused: 'not in this test' });
const program = affiliates({
  database: 'sqlite::memory:',
  host: { openTicket: unasked, replyTicket: unasked, sendMail: unasked, addCredit: unasked },
  settings: { portalUrl: 'https://portal.example' },
  secrets: ['a secret of at least thirty-two characters'],
});
const request = {
  who: { client: { id: '7' } }, locale: 'en', method: 'GET', query: {}, body: {},
  base: '/affiliates', assets: '/assets', csrf: { field: 'token', token: 'x' },
};
program.install()
  .then(() => program.pages.client(request))
  .then((page) => console.log(page.status, page.html.includes('<form')))
  .then(() => program.close());
`;

const TYPED = `
import { affiliates, type AffiliateProgram, type Host } from '${NAME}';
export function open(host: Host): AffiliateProgram {
  const program = affiliates({
    database: 'sqlite::memory:',
    host,
    settings: { portalUrl: 'https://portal.example', threshold: '50.00' },
    secrets: [],
  });
  // @ts-expect-error a setting that does not exist
  affiliates({ database: '', host, settings: { portalUrl: '', treshold: '50.00' }, secrets: [] });
  return program;
}
`;

/** Makes the tables in a file, for a command to look at. */
const INSTALL = `
const unasked = async () => ({ refused: 'not in this test' });
const program = affiliates({
  database: 'sqlite:books.sqlite',
  host: { openTicket: unasked, replyTicket: unasked, sendMail: unasked, addCredit: unasked },
  settings: { portalUrl: 'https://portal.example' },
  secrets: ['a secret of at least thirty-two characters'],
});
program.install().then(() => program.close());
`;

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly bin: { readonly affiliates: string };
}

describe('The package', () => {
  let host = '';
  const installed = () => join(host, 'node_modules', NAME);

  beforeAll(() => {
    host = mkdtempSync(join(tmpdir(), 'affiliates-package-'));
    run('npm', ['pack', '--silent', '--pack-destination', host], ROOT);
    const archive = readdirSync(host).find((file) => file.endsWith('.tgz'));
    if (!archive) throw new Error('npm pack made no archive');
    mkdirSync(installed(), { recursive: true });
    run('tar', ['-xzf', join(host, archive), '-C', installed(), '--strip-components=1'], host);
    const { dependencies, bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
    // Only what is declared, so that anything else it needs is missing here as it would be at a host.
    for (const name of [...Object.keys(dependencies), '@types/node']) link(name);
    installCommand(bin.affiliates);
  }, 120_000);
  afterAll(() => {
    rmSync(host, { recursive: true, force: true });
  });

  it('works when it is required', () => {
    expect(runScript('use.cjs', `const { affiliates } = require('${NAME}');${USE}`)).toBe('200 true\n');
  });

  it('works when it is imported', () => {
    expect(runScript('use.mjs', `import { affiliates } from '${NAME}';${USE}`)).toBe('200 true\n');
  });

  it.each([
    { module: 'commonjs', moduleResolution: 'node10' },
    { module: 'nodenext', moduleResolution: 'nodenext' },
  ])(
    'has types that a strict host compiles against, resolved as $moduleResolution',
    (resolution) => {
      const options = {
        strict: true,
        noEmit: true,
        esModuleInterop: true,
        target: 'es2022',
        types: ['node'],
      };
      write('typed.ts', TYPED);
      write(
        'tsconfig.json',
        JSON.stringify({ compilerOptions: { ...options, ...resolution }, files: ['typed.ts'] }),
      );
      run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', '.'], host);
    },
    COMPILE_LIMIT_MS,
  );

  it('brings a command that proves the books', () => {
    runScript('install.cjs', `const { affiliates } = require('${NAME}');${INSTALL}`);
    const words = ['--no-install', NAME, 'prove', '--database', 'sqlite:books.sqlite'];
    expect(run('npx', words, host)).toMatch(/^✓ Every ledger transaction[^]*\nAll \d+ hold\.\n$/);
  });

  it('brings a service that starts, answers, and stops when it is told to', async () => {
    const environment = {
      PATH: process.env['PATH'] ?? '',
      AFFILIATES_DATABASE: 'sqlite:service.sqlite',
      AFFILIATES_SECRETS: 'a secret of at least thirty-two characters',
      AFFILIATES_HOST_SECRETS: 'another one of thirty-two characters or more',
      AFFILIATES_LISTEN: '127.0.0.1:0',
      AFFILIATES_SETTINGS_PORTAL_URL: 'https://portal.example',
    };
    const service = spawn('node_modules/.bin/affiliates', ['serve'], {
      cwd: host,
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(service, 'exit');
    try {
      let address = '';
      for await (const line of createInterface(service.stdout)) {
        const told = JSON.parse(line) as { msg: string; address: string };
        if (told.msg !== 'ready') continue;
        ({ address } = told);
        break;
      }
      expect(await fetch(`${address}/healthz`)).toMatchObject({ status: 200 });
    } finally {
      service.stdout.resume();
      service.kill('SIGTERM');
    }
    expect(await ended).toEqual([0, null]);
  }, 60_000);

  it('carries what it shows and nothing of how it is made', () => {
    const files = readdirSync(installed()).sort();
    expect(files).toEqual(
      expect.arrayContaining(['assets', 'deploy', 'dist', 'docs', 'lang', 'package.json', 'templates']),
    );
    // What is read where the package is installed: the guides, and what they point at.
    expect(readdirSync(join(installed(), 'docs'))).toEqual(
      expect.arrayContaining(['conformance.md', 'decisions', 'examples', 'operate.md', 'wire.md']),
    );
    expect(files.filter((file) => /^(tests|scripts|portal|bench|node_modules)$/.test(file))).toEqual([]);
  });

  function link(name: string): void {
    const target = join(host, 'node_modules', name);
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), target);
  }

  /** As npm does when it installs a package that brings a command. */
  function installCommand(file: string): void {
    chmodSync(join(installed(), file), 0o755);
    mkdirSync(join(host, 'node_modules/.bin'));
    symlinkSync(join('..', NAME, file), join(host, 'node_modules/.bin/affiliates'));
  }

  function write(file: string, content: string): void {
    writeFileSync(join(host, file), content);
  }

  function runScript(file: string, content: string): string {
    write(file, content);
    return run(process.execPath, [file], host);
  }
});

/** @returns what it printed. @throws with all of that when it fails */
function run(program: string, words: readonly string[], cwd: string): string {
  try {
    return execFileSync(program, words, {
      cwd,
      encoding: 'utf8',
      timeout: 100_000,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${words.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}`, {
      cause: error,
    });
  }
}
