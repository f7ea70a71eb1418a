/** The configuration of the service: what is read from where, and how a wrong one stops the start. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../server/config';
import { affiliates, COMMAND_LIMIT_MS } from '../support/command';

const SECRET = 'a secret of the program, long enough';
const HOST_SECRET = 'a secret of the portal, long enough';
const ENOUGH = { database: 'sqlite:/data/books.sqlite', secrets: [SECRET], hostSecrets: [HOST_SECRET] };

describe('The configuration', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'affiliates-config-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function read(written: object, environment: NodeJS.ProcessEnv = {}) {
    const file = join(folder, 'config.json');
    writeFileSync(file, JSON.stringify(written));
    return readConfig(file, environment);
  }

  it('needs a database and secrets, and has defaults for all else', () => {
    expect(read(ENOUGH)).toEqual({
      ...ENOUGH,
      listen: { host: '127.0.0.1', port: 8700 },
      trustProxy: [],
      logLevel: 'info',
      webhooks: [],
      settings: {},
    });
  });

  it('that is nowhere is asked for', () => {
    expect(() => readConfig(undefined, { PATH: '/usr/bin' })).toThrow(
      /^There is no configuration: give --config /,
    );
  });

  it('can be all in the environment', () => {
    const environment = {
      AFFILIATES_DATABASE: 'mysql://user:password@db/name',
      AFFILIATES_SECRETS: `${SECRET.replace(',', '')}, ${HOST_SECRET.replace(',', '')}`,
      AFFILIATES_HOST_SECRETS: HOST_SECRET.replace(',', ''),
      AFFILIATES_LISTEN: '[::1]:0',
      AFFILIATES_TRUST_PROXY: '10.0.0.0/8, loopback',
      AFFILIATES_LOG_LEVEL: 'warn',
      AFFILIATES_SETTINGS_PORTAL_URL: 'https://my.example.com',
      AFFILIATES_SETTINGS_CLEARING_DAYS: '14',
    };
    expect(readConfig(undefined, environment)).toMatchObject({
      database: 'mysql://user:password@db/name',
      secrets: [SECRET.replace(',', ''), HOST_SECRET.replace(',', '')],
      listen: { host: '::1', port: 0 },
      trustProxy: ['10.0.0.0/8', 'loopback'],
      logLevel: 'warn',
      settings: { portalUrl: 'https://my.example.com', clearingDays: '14' },
    });
  });

  it('prefers the environment to the file, variable by variable, and takes an empty one for none', () => {
    const settings = { portalUrl: 'https://one.example.com', currency: 'EUR' };
    const environment = {
      AFFILIATES_SETTINGS_CURRENCY: 'USD',
      AFFILIATES_LOG_LEVEL: 'debug',
      AFFILIATES_LISTEN: '',
    };
    expect(read({ ...ENOUGH, settings, listen: '0.0.0.0:80' }, environment)).toMatchObject({
      logLevel: 'debug',
      listen: { host: '0.0.0.0', port: 80 },
      settings: { portalUrl: 'https://one.example.com', currency: 'USD' },
    });
  });

  it.each([
    [{ database: undefined }, /^database \(AFFILIATES_DATABASE\) must be 'mysql:/],
    [{ database: 'postgres://user:password@db/name' }, /^database \(AFFILIATES_DATABASE\) must be 'mysql:/],
    [{ secrets: [] }, /^secrets \(AFFILIATES_SECRETS\) must hold at least one secret, each of 32/],
    [{ hostSecrets: undefined }, /^hostSecrets \(AFFILIATES_HOST_SECRETS\) must hold at least one secret/],
    [{ hostSecrets: ['guessed'] }, /^hostSecrets \(AFFILIATES_HOST_SECRETS\) must hold at least one secret/],
    [{ listen: '8700' }, /^listen \(AFFILIATES_LISTEN\) must be an address and a port/],
    [{ listen: '127.0.0.1:99999' }, /^listen \(AFFILIATES_LISTEN\) must be an address and a port/],
    [{ trustProxy: ['everybody'] }, /^trustProxy \(AFFILIATES_TRUST_PROXY\) must list addresses or networks/],
    [{ trustProxy: ['0.0.0.0/0'] }, /^trustProxy \(AFFILIATES_TRUST_PROXY\) must list addresses or networks/],
    [{ trustProxy: '127.0.0.1' }, /such as \[127\.0\.0\.1, /],
    [{ logLevel: 'loud' }, /^logLevel \(AFFILIATES_LOG_LEVEL\) must be one of: fatal, error/],
    [{ webhooks: [{ url: 'ftp://example.com', secret: 'x' }] }, /^webhooks\[0\]\.url must be /],
    [{ webhooks: 'none' }, /^webhooks must be a list of objects/],
    [{ settings: { currency: 'gold' } }, /^settings\.currency must be an ISO 4217 code/],
    [{ settings: { treshold: '5.00' } }, /^settings\.treshold is not a setting; the settings are: /],
    [{ settings: [] }, /^settings must be an object/],
    [{ hostsecrets: [] }, /^hostsecrets is no key; the keys are: database, secrets, /],
  ])('%j is refused with a sentence that names the key', (changed, sentence) => {
    expect(() => read({ ...ENOUGH, ...changed })).toThrow(sentence);
  });

  it('names a variable of no setting, and never says a value', () => {
    const environment = { AFFILIATES_SETTINGS_TRESHOLD: '5.00' };
    expect(() => read(ENOUGH, environment)).toThrow(
      /^AFFILIATES_SETTINGS_TRESHOLD is no setting; .*AFFILIATES_SETTINGS_THRESHOLD/,
    );
    const secret = 'short and secret';
    expect(() => read({ ...ENOUGH, secrets: [secret] })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(secret) as string }) as Error,
    );
  });

  it(
    'is listed by serve --help, and a wrong one ends serve with 2 and one sentence',
    () => {
      const help = affiliates(['serve', '--help']);
      expect(help.status).toBe(0);
      expect(help.stdout).toMatch(/hostSecrets {2}AFFILIATES_HOST_SECRETS\n/);
      expect(help.stdout).toMatch(
        /settings\.portalUrl {2}AFFILIATES_SETTINGS_PORTAL_URL\n {6}Where referral/,
      );
      const refused = affiliates(['serve'], { AFFILIATES_DATABASE: 'sqlite:books.sqlite' });
      expect(refused).toMatchObject({ status: 2, stdout: '' });
      expect(refused.stderr).toMatch(/^secrets \(AFFILIATES_SECRETS\) must hold .*\n$/);
    },
    2 * COMMAND_LIMIT_MS,
  );
});
