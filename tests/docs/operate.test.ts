/** What docs/operate.md tells operators to type works as it stands there, but for where the files are. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { affiliates, COMMAND_LIMIT_MS } from '../support/command';

const TEXT = readFileSync(join(__dirname, '../../docs/operate.md'), 'utf8');
const CLI = readFileSync(join(__dirname, '../../server/cli.ts'), 'utf8');
const COMMANDS = [...TEXT.matchAll(/^affiliates .+$/gm)].map(([command]) => command);

/** What needs more than a file: a portal, another database, a service that stays. */
const ELSEWHERE = /--host-url|mysql:|^affiliates (serve|prove)/;
/** The words before the first option: each is run once, as it stands there first. */
const wordsOf = (command: string): string => command.split(' -')[0] ?? '';
/** The doctor finds something where no portal has ever spoken; the rest finds nothing. */
const endOf = (command: string): number => (command.startsWith('affiliates doctor') ? 1 : 0);

describe('The commands of docs/operate.md', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'affiliates-docs-'));
    mkdirSync(join(folder, 'etc'));
    writeFileSync(join(folder, 'january.ndjson'), '');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it(
    'do what they say, one after the other',
    () => {
      const here = COMMANDS.filter((command) => !ELSEWHERE.test(command));
      const run = here.filter((one) => one === here.find((other) => wordsOf(other) === wordsOf(one)));
      expect(run.length).toBeGreaterThan(6);
      const place = (word: string) =>
        word
          .replace('/etc/affiliates.yaml', join(folder, 'etc/affiliates.yaml'))
          .replace('january.ndjson', join(folder, 'january.ndjson'));
      const environment = {
        AFFILIATES_SETTINGS_PORTAL_URL: 'http://127.0.0.1:1',
        AFFILIATES_LISTEN: '127.0.0.1:0',
      };
      const ended = run.map((command) => {
        const { status, stderr } = affiliates(command.split(' ').slice(1).map(place), environment);
        return { command, status, stderr };
      });
      expect(ended).toEqual(run.map((command) => ({ command, status: endOf(command), stderr: '' })));
    },
    3 * COMMAND_LIMIT_MS,
  );

  it('are all commands that there are, with the options that they have', () => {
    const words = COMMANDS.map((command) => command.split(' ')[1] ?? '');
    const commands = ['install', 'serve', 'doctor', 'keys', 'reconcile', 'replay'];
    expect(commands.filter((command) => !words.includes(command))).toEqual([]);
    const options = COMMANDS.flatMap((command) => command.match(/ --[a-z-]+/g) ?? []);
    expect(options.filter((option) => !CLI.includes(`'${option.trim()}`))).toEqual([]);
  });
});
