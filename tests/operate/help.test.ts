/** `--help` of every command, as somebody reads it who has never typed it. */
import { affiliates, COMMAND_LIMIT_MS } from '../support/command';

const commandsIn = (help: string) =>
  [...(/\nCommands:\n((?: .*\n)+)/.exec(help)?.[1] ?? '').matchAll(/^ {2}([a-z]+) /gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');

const helpOf = (...words: string[]) => {
  const { status, stdout, stderr } = affiliates([...words, '--help']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
};

/** What each ends with beside 0: 1 where it can find something, and 2. */
const ENDS: Readonly<Record<string, string>> = {
  prove: '012',
  rebuild: '012',
  simulate: '02',
  install: '02',
  doctor: '012',
  reconcile: '012',
  replay: '012',
  'keys list': '02',
  'keys rotate': '02',
  serve: '02',
  import: '012',
};

it(
  'Every command says how it is called, with an example, and what its exit code means',
  () => {
    const commands = commandsIn(helpOf());
    expect(commands).toEqual(expect.arrayContaining(['doctor', 'keys', 'serve']));
    const all = [...commands, ...commandsIn(helpOf('keys')).map((name) => `keys ${name}`)];
    const helps = new Map(all.map((name) => [name, helpOf(...name.split(' '))]));
    for (const [name, help] of helps) {
      expect(help).toMatch(new RegExp(`\\nExample:\\n {2}affiliates ${name} `));
    }
    const ends = Object.keys(ENDS).map((name) => {
      const [, told = ''] = /\nEnds with\n((?: {2}\d {2}.+\n)+)/.exec(helps.get(name) ?? '') ?? [];
      return [name, [...told.matchAll(/^ {2}(\d)/gm)].map(([, code]) => code).join('')];
    });
    expect(Object.fromEntries(ends)).toEqual(ENDS);
  },
  15 * COMMAND_LIMIT_MS,
);
