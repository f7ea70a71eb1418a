import { resolve } from 'node:path';
import { isScalar, isSeq, parseDocument, type Document, type YAMLSeq } from 'yaml';
import { readConfig } from './config';
import { replaceFile } from './configFile';
import { readText } from './files';
import { fingerprintOf, newSecret } from './secrets';
import { Unusable, whyNot } from './terminal';

/** The lists of secrets that rotate, with the variable that wins over the file. */
export const KEY_LISTS = { secrets: 'AFFILIATES_SECRETS', hostSecrets: 'AFFILIATES_HOST_SECRETS' } as const;
export type KeyList = keyof typeof KEY_LISTS;

interface KeysOptions {
  readonly config?: string;
  readonly json?: true;
}

interface Listed {
  readonly list: KeyList;
  readonly place: number;
  readonly fingerprint: string;
  readonly signs: boolean;
}

/** `affiliates keys list`: fingerprints, never secrets. @returns the exit code */
export function keysListCommand({ config: file, json }: KeysOptions): 0 | 2 {
  return answering(() => {
    const config = readConfig(file, process.env);
    const keys = (Object.keys(KEY_LISTS) as KeyList[]).flatMap((list) => listOf(list, config[list]));
    if (json) return [JSON.stringify({ keys }, null, 2)];
    return keys.map(
      ({ list, place, fingerprint, signs }) =>
        `${list} ${place}: ${fingerprint}, ${signs ? 'signs and verifies' : 'verifies'}`,
    );
  });
}

const listOf = (list: KeyList, secrets: readonly string[]): Listed[] =>
  secrets.map((secret, index) => ({
    list,
    place: index + 1,
    fingerprint: fingerprintOf(secret),
    signs: index === 0,
  }));

export interface RotateOptions extends KeysOptions {
  readonly dropOld?: true;
}

/** `affiliates keys rotate`: a fresh secret first, or all but the first gone. @returns the exit code */
export function keysRotateCommand(list: KeyList, options: RotateOptions): 0 | 2 {
  return answering(() => {
    const { config: file, dropOld = false, json } = options;
    const before = readConfig(file, process.env)[list];
    const after = dropOld ? before.slice(0, 1) : [newSecret(), ...before];
    const variable = process.env[KEY_LISTS[list]] ? KEY_LISTS[list] : null;
    if (variable === null)
      rewrite(file, list, after.length > before.length ? after.slice(0, 1) : [], dropOld);
    const told = {
      list,
      file: variable === null && file !== undefined ? resolve(file) : null,
      keys: listOf(list, after),
      dropped: listOf(list, before)
        .slice(dropOld ? 1 : before.length)
        .map(({ fingerprint }) => fingerprint),
      ...(variable !== null && { variable, value: after.join(',') }),
    };
    return json
      ? [JSON.stringify(told, null, 2)]
      : [...describeChange(told), ...whatNext(list, dropOld, file)];
  });
}

/** @throws Unusable */
function rewrite(file: string | undefined, list: KeyList, fresh: readonly string[], dropOld: boolean): void {
  if (file === undefined)
    throw new Unusable(`Where are the secrets? Give --config, or set ${KEY_LISTS[list]}.`);
  const text = readText(file);
  const document = parseDocument(text);
  const secrets = document.get(list);
  if (!isSeq(secrets)) throw new Unusable(`${file} holds no list of ${list}.`);
  if (dropOld) secrets.items.splice(1);
  putFirst(document, secrets, fresh);
  const isJson = text.trimStart().startsWith('{');
  replaceFile(
    file,
    isJson ? `${JSON.stringify(document.toJS(), null, 2)}\n` : document.toString({ lineWidth: 0 }),
  );
}

/** A comment above the first stays above the first. */
function putFirst(document: Document, secrets: YAMLSeq, fresh: readonly string[]): void {
  for (const secret of fresh) {
    const node = document.createNode(secret);
    const [first] = secrets.items;
    if (isScalar(first) && isScalar(node) && first.commentBefore) {
      node.commentBefore = first.commentBefore;
      first.commentBefore = null;
    }
    secrets.items.unshift(node);
  }
}

interface Change {
  readonly list: KeyList;
  readonly file: string | null;
  readonly keys: readonly Listed[];
  readonly dropped: readonly string[];
  readonly variable?: string;
  readonly value?: string;
}

function describeChange({ list, file, keys, dropped, variable, value }: Change): string[] {
  if (variable !== undefined)
    return [`${list} come from the environment, so set there:`, `${variable}=${value ?? ''}`];
  const [first] = keys;
  const where = `${list} of ${file ?? ''}`;
  if (dropped.length > 0)
    return [`Dropped ${dropped.join(', ')} from ${where}; ${first?.fingerprint ?? ''} stays.`];
  if (keys.length === 1) return [`${where} hold one secret alone: there was nothing to drop.`];
  return [`Put ${first?.fingerprint ?? ''} first in ${where}; ${keys.length - 1} before it still verify.`];
}

function whatNext(list: KeyList, dropOld: boolean, file: string | undefined): string[] {
  const restart = 'Restart every process of the service: each reads its configuration when it starts.';
  if (dropOld) return [restart];
  const words = `affiliates keys rotate ${list} --drop-old${file === undefined ? '' : ` --config ${file}`}`;
  if (list === 'secrets')
    return [restart, `Once cookieDays have passed (90 unless set), no cookie needs the old ones: ${words}`];
  return [restart, `Then enter the first of hostSecrets in the portal’s form, and when it works: ${words}`];
}

function answering(run: () => string[]): 0 | 2 {
  try {
    process.stdout.write(`${run().join('\n')}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${whyNot(error)}\n`);
    return 2;
  }
}
