/** deploy/affiliates.service, as systemd itself judges it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith, SYSTEMD } from '../support/programs';

const UNIT = readFileSync(join(__dirname, '../../deploy/affiliates.service'), 'utf8');
const COMMAND = '/opt/affiliates/node_modules/.bin/affiliates';
/** In tenths of ten, where a service without any protection has 96. */
const MOST_EXPOSED = 20;

describe('deploy/affiliates.service', () => {
  const said = (key: string) =>
    [...UNIT.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value);

  it('makes the tables before it serves, and starts again what failed', () => {
    expect(said('ExecStartPre')).toEqual([`${COMMAND} install`]);
    expect(said('ExecStart')).toEqual([`${COMMAND} serve`]);
    expect(said('EnvironmentFile')).toEqual(['/etc/affiliates.env']);
    expect(said('Restart')).toEqual(['on-failure']);
    expect(said('KillSignal')).toEqual(['SIGTERM']);
  });

  it('has no user of the machine, and lets Node compile', () => {
    expect(said('DynamicUser')).toEqual(['yes']);
    expect(said('User')).toEqual([]);
    expect(said('MemoryDenyWriteExecute')).toEqual([]);
  });
});

describeWith(SYSTEMD, 'deploy/affiliates.service', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'affiliates-systemd-'));
    // Whether a command is there is looked at as well, and ours is not installed here.
    writeFileSync(join(folder, 'affiliates.service'), UNIT.replaceAll(COMMAND, process.execPath));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const analyze = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync('systemd-analyze', [...words, 'affiliates.service'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };

  it('is a unit without a fault', () => {
    expect(analyze('verify', '--man=no')).toMatchObject({ status: 0, stderr: '' });
  });

  it('can do little harm', () => {
    const { status, stdout } = analyze('security', '--offline=true', `--threshold=${MOST_EXPOSED}`);
    expect({ status, told: stdout.split('\n').filter((line) => line.includes('exposure')) }).toEqual({
      status: 0,
      told: [expect.stringContaining('OK')],
    });
  });
});
