/** `affiliates keys`: secrets rotate in the file, told apart without being shown. */
import { chmodSync, readFileSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readConfig } from '../../server/config';
import { keysRotateCommand, type KeyList, type RotateOptions } from '../../server/keys';
import { fingerprintOf } from '../../server/secrets';
import { affiliates, COMMAND_LIMIT_MS } from '../support/command';
import { aFolder, newSecret } from './given';

const folder = aFolder();
const [FIRST, SECOND, HOST] = [newSecret(), newSecret(), newSecret()];

const WRITTEN = `\
# Ours; ask Kim before changing it.
listen: 127.0.0.1:8700 # the proxy knows it

secrets:
  # the current one
  - ${FIRST}
  - ${SECOND} # goes in June
settings:
  requestWords: [affiliate, partner]
hostSecrets:
  - '${HOST}'
database: sqlite:/srv/affiliates.sqlite
`;

/** Runs it in this process; what it says is another test's. */
function rotate(list: KeyList, options: RotateOptions): number {
  const mutes = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockReturnValue(true),
  );
  try {
    return keysRotateCommand(list, options);
  } finally {
    for (const mute of mutes) mute.mockRestore();
  }
}

describe('Rotating keys', () => {
  it('puts a fresh one first and keeps the rest of the file as it is, comments and order included', () => {
    const config = folder.file('comments.yaml', WRITTEN);
    chmodSync(config, 0o600);
    expect(rotate('secrets', { config })).toBe(0);
    const now = readFileSync(config, 'utf8');
    const [fresh = '', ...older] = readConfig(config, {}).secrets;
    expect(older).toEqual([FIRST, SECOND]);
    expect(fresh).toHaveLength(43);
    expect(now).toBe(
      WRITTEN.replace(
        `  # the current one\n  - ${FIRST}`,
        `  # the current one\n  - ${fresh}\n  - ${FIRST}`,
      ).replace('requestWords: [affiliate, partner]', 'requestWords: [ affiliate, partner ]'),
    );
    expect(statSync(config).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder.path).filter((name) => name.startsWith('comments'))).toEqual(['comments.yaml']);
  });

  it('drops all but the first when it is told to, and makes none then', () => {
    const config = folder.configuration({ hostSecrets: [FIRST, SECOND, HOST] });
    expect(rotate('hostSecrets', { config, dropOld: true })).toBe(0);
    expect(readConfig(config, {}).hostSecrets).toEqual([FIRST]);
    expect(rotate('hostSecrets', { config, dropOld: true })).toBe(0);
    expect(readConfig(config, {}).hostSecrets).toEqual([FIRST]);
  });

  it('keeps JSON what it is, a link a link, and nobody else reading', () => {
    const content = { database: 'sqlite:x', secrets: [FIRST], hostSecrets: [HOST], settings: {} };
    const target = folder.file('real.json', JSON.stringify(content));
    chmodSync(target, 0o644);
    const config = join(folder.path, 'link.json');
    symlinkSync(target, config);
    expect(rotate('secrets', { config })).toBe(0);
    const written = JSON.parse(readFileSync(target, 'utf8')) as typeof content;
    expect(written).toEqual({ ...content, secrets: [expect.any(String), FIRST] });
    expect(statSync(target).mode & 0o777).toBe(0o640);
    expect(readFileSync(config, 'utf8')).toBe(readFileSync(target, 'utf8'));
  });

  it(
    'says on the terminal what is next, shows fingerprints alone, and prints what to set where the environment holds them',
    () => {
      const config = folder.configuration({ secrets: [FIRST], hostSecrets: [HOST] });
      const rotated = affiliates(['keys', 'rotate', 'hostSecrets', '--config', config]);
      expect(rotated).toMatchObject({ status: 0, stderr: '' });
      const [fresh = ''] = (parse(readFileSync(config, 'utf8')) as { hostSecrets: string[] }).hostSecrets;
      expect(rotated.stdout.split('\n')).toEqual([
        `Put ${fingerprintOf(fresh)} first in hostSecrets of ${config}; 1 before it still verify.`,
        'Restart every process of the service: each reads its configuration when it starts.',
        'Then enter the first of hostSecrets in the portal’s form, and when it works: ' +
          `affiliates keys rotate hostSecrets --drop-old --config ${config}`,
        '',
      ]);
      const listed = affiliates(['keys', 'list'], { AFFILIATES_CONFIG: config });
      expect(listed.stdout).toBe(
        `secrets 1: ${fingerprintOf(FIRST)}, signs and verifies\n` +
          `hostSecrets 1: ${fingerprintOf(fresh)}, signs and verifies\n` +
          `hostSecrets 2: ${fingerprintOf(HOST)}, verifies\n`,
      );
      const environment = { AFFILIATES_SECRETS: `${SECOND},${FIRST}` };
      const told = affiliates(['keys', 'rotate', 'secrets', '--config', config], environment);
      expect(told.stdout).toMatch(
        new RegExp(
          `^secrets come from the environment, so set there:\nAFFILIATES_SECRETS=[\\w-]{43},${SECOND},${FIRST}\n`,
        ),
      );
      for (const secret of [fresh, HOST]) expect(rotated.stdout + listed.stdout).not.toContain(secret);
    },
    COMMAND_LIMIT_MS,
  );
});
