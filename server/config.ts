/**
 * The configuration of the service: a file in YAML or JSON, and the environment, which wins over it. One table says what
 * there is; it validates, reads the environment and writes `serve --help`.
 */
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { isAffiliatesError } from '../module/errors';
import { SHORTEST_SECRET } from '../module/secrets';
import { describeSettings, readSettings, type SettingName, type SettingsInput } from '../module/settings';
import { readWebhooks, type WebhookInput } from '../module/webhooks';
import { readObject } from './files';
import { Unusable } from './terminal';

/** Settings as they are written; what they must be, `readSettings` says. */
export type WrittenSettings = Readonly<Partial<Omit<SettingsInput, 'portalUrl'>> & { portalUrl?: string }>;

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
/** Names that stand for the ranges of addresses that never come from outside. */
const RANGES = ['loopback', 'linklocal', 'uniquelocal'];

const secretsOf = (what: string) => {
  const problem = `must hold at least one secret, each of ${SHORTEST_SECRET} characters or more: ${what}`;
  return z.array(z.string(problem).min(SHORTEST_SECRET, problem), problem).min(1, problem);
};

const LISTEN = 'must be an address and a port, such as 127.0.0.1:8700 or [::1]:8700';
const PROXY = `must list addresses or networks of your proxies, such as [127.0.0.1, 10.0.0.0/8], or of: ${RANGES.join(', ')}`;
const DATABASE = "must be 'mysql://user:password@host:port/name' or 'sqlite:/folder/file.sqlite'";
const WEBHOOKS = 'must be a list of objects with url, secret and, where not all are wanted, types';

const listen = z
  .string(LISTEN)
  .regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}$/, LISTEN)
  .transform((written) => {
    const colon = written.lastIndexOf(':');
    return { host: written.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(written.slice(colon + 1)) };
  })
  .refine(({ port }) => port <= 65_535, LISTEN);

/** @param option as the operator calls it @throws Unusable */
export function readListen(written: string, option: string): Config['listen'] {
  const parsed = listen.safeParse(written);
  if (!parsed.success) throw new Unusable(`${option} ${LISTEN}.`);
  return parsed.data;
}

/** What they must be beyond that, `readWebhooks` says. */
const webhook = z.custom<WebhookInput>((one) => typeof one === 'object' && one !== null, WEBHOOKS);

/** Everything but `settings`, in the order that `serve --help` lists it. */
const KEYS = {
  database: {
    variable: 'AFFILIATES_DATABASE',
    help: "where the program keeps its tables: 'mysql://user:password@host:port/name' or 'sqlite:/folder/file.sqlite'",
    schema: z.string(DATABASE).regex(/^(sqlite:|mysql:\/\/|mariadb:\/\/)./, DATABASE),
  },
  secrets: {
    variable: 'AFFILIATES_SECRETS',
    help: `what signs referral cookies and forms, each of ${SHORTEST_SECRET} characters or more; the first signs, all verify`,
    schema: secretsOf('the first signs, all verify'),
  },
  hostSecrets: {
    variable: 'AFFILIATES_HOST_SECRETS',
    help: `what the portal signs its requests with, each of ${SHORTEST_SECRET} characters or more; any of them verifies`,
    schema: secretsOf('what the portal signs its requests with'),
  },
  listen: {
    variable: 'AFFILIATES_LISTEN',
    help: 'address and port; 127.0.0.1:8700 unless set',
    schema: listen.prefault('127.0.0.1:8700'),
  },
  trustProxy: {
    variable: 'AFFILIATES_TRUST_PROXY',
    help: `proxies whose X-Forwarded-For is believed: addresses, networks, ${RANGES.join(', ')}; nobody unless set`,
    schema: z.array(z.string(PROXY).refine(isProxy, PROXY), PROXY).default([]),
  },
  logLevel: {
    variable: 'AFFILIATES_LOG_LEVEL',
    help: `${LOG_LEVELS.join(', ')}; info unless set`,
    schema: z.enum(LOG_LEVELS, `must be one of: ${LOG_LEVELS.join(', ')}`).default('info'),
  },
  webhooks: {
    variable: null,
    help: 'in the file alone: whom to tell what happens, each with url, secret and types',
    schema: z.array(webhook, WEBHOOKS).default([]),
  },
} satisfies Record<string, { variable: string | null; help: string; schema: z.ZodType }>;

type Key = keyof typeof KEYS;

/** What the service runs with. Times and amounts in `settings` are as their operator wrote them. */
export type Config = { readonly [K in Key]: z.output<(typeof KEYS)[K]['schema']> } & {
  /** What the file and the environment say of the program's settings; these win over what the host sends. */
  readonly settings: WrittenSettings;
};

/** The variable that names the file. */
export const FILE_VARIABLE = 'AFFILIATES_CONFIG';
const SETTING_PREFIX = 'AFFILIATES_SETTINGS_';
const NOTHING = `There is no configuration: give --config with the file that affiliates install --secrets wrote, or ${FILE_VARIABLE}.`;
const LISTS: readonly Key[] = ['secrets', 'hostSecrets', 'trustProxy'];

/**
 * Reads and checks the configuration.
 * @param file in YAML or JSON; the environment alone unless given
 * @throws Unusable with a sentence that names the key and says what it may be, and never its value
 */
export function readConfig(file: string | undefined, environment: NodeJS.ProcessEnv): Config {
  const variables = keysIn(environment);
  if (file === undefined && Object.keys(variables).length === 0) throw new Unusable(NOTHING);
  const { settings: fromFile = {}, ...written } = file === undefined ? {} : readObject(file);
  const known = [...Object.keys(KEYS), 'settings'];
  const stranger = Object.keys(written).find((name) => !known.includes(name));
  if (stranger !== undefined) throw new Unusable(`${stranger} is no key; the keys are: ${known.join(', ')}.`);
  const shape = Object.fromEntries(Object.entries(KEYS).map(([key, { schema }]) => [key, schema]));
  const parsed = z.object(shape).safeParse({ ...written, ...variables });
  if (!parsed.success) throw new Unusable(describeIssue(parsed.error.issues[0]));
  if (typeof fromFile !== 'object' || fromFile === null || Array.isArray(fromFile))
    throw new Unusable('settings must be an object that holds settings by their names.');
  const settings: WrittenSettings = { ...fromFile, ...settingsIn(environment) };
  // The shape is built from KEYS, whose keys and schemas are those of Config.
  const config = { ...parsed.data, settings } as Config;
  checkBy(() => readSettings({ portalUrl: 'http://localhost', ...settings }), 'settings.');
  checkBy(() => readWebhooks(config.webhooks), '');
  return config;
}

/** Each key and setting with its variable and what it is, as `serve --help` prints them. */
export function describeConfig(settingHelp: (name: SettingName) => string): string {
  const keys = Object.entries(KEYS).map(
    ([name, { variable, help }]) => [name, variable ?? '', help] as const,
  );
  const settings = describeSettings().map(
    ({ name }) => [`settings.${name}`, variableOf(name), settingHelp(name)] as const,
  );
  const describe = ([name, variable, help]: readonly [string, string, string]) =>
    `  ${[name, variable].filter(Boolean).join('  ')}\n      ${help}`;
  return [
    'Configuration: a key of the file (--config, YAML or JSON), or the variable beside it, which wins.',
    'A variable that holds several separates them by commas.',
    '',
    ...keys.map(describe),
    '',
    'The settings of the program, which win over those that the portal sends:',
    '',
    ...settings.map(describe),
  ].join('\n');
}

/** @returns a setting's variable: `portalUrl` is AFFILIATES_SETTINGS_PORTAL_URL */
const variableOf = (name: SettingName): string =>
  SETTING_PREFIX + name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

function keysIn(environment: NodeJS.ProcessEnv): Record<string, unknown> {
  const found = Object.entries(KEYS).flatMap(([key, { variable }]) => {
    const value = variable === null ? undefined : environment[variable];
    // A variable that is set to nothing is how compose files say that it is not set.
    if (value === undefined || value === '') return [];
    return [[key, (LISTS as readonly string[]).includes(key) ? splitList(value) : value] as const];
  });
  return Object.fromEntries(found);
}

const splitList = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

function settingsIn(environment: NodeJS.ProcessEnv): Record<string, string> {
  const names = new Map(describeSettings().map(({ name }) => [variableOf(name), name]));
  const found = Object.entries(environment).filter(([variable]) => variable.startsWith(SETTING_PREFIX));
  return Object.fromEntries(
    found.map(([variable, value = '']) => {
      const name = names.get(variable);
      if (!name)
        throw new Unusable(`${variable} is no setting; the variables are: ${[...names.keys()].join(', ')}.`);
      return [name, value];
    }),
  );
}

/** What the program would refuse must be right now; the portal's address alone the host may send later. */
function checkBy(read: () => unknown, prefix: string): void {
  try {
    read();
  } catch (error) {
    if (!isAffiliatesError(error, 'setting_invalid')) throw error;
    const { setting, problem } = error.parameters;
    throw new Unusable(`${prefix}${setting} ${problem}.`);
  }
}

function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  const [key = 'The configuration', ...rest] = issue?.path.map(String) ?? [];
  const variable = Object.entries(KEYS).find(([name]) => name === key)?.[1].variable;
  const name = variable ? `${key} (${variable})` : [key, ...rest].join('.');
  return `${name} ${issue?.message ?? 'is not valid'}.`;
}

/** Everybody is no proxy: whoever is believed chooses the address that a click is counted for. */
function isProxy(written: string): boolean {
  if (RANGES.includes(written) || ipaddr.isValid(written)) return true;
  return ipaddr.isValidCIDR(written) && ipaddr.parseCIDR(written)[1] > 0;
}
