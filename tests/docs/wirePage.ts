/** Reads docs/wire.md: its sections, the requests and answers that it shows, and its tables. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '../..');
export const PAGE = readFileSync(join(ROOT, 'docs/wire.md'), 'utf8');

/** @returns what stands under a heading ('## Clicks', '### ClientAdd') up to the next of its level */
export function sectionOf(heading: string): string {
  const [, after] = PAGE.split(`\n${heading}\n`);
  if (after === undefined) throw new Error(`docs/wire.md has no ${heading}`);
  const [level = ''] = heading.split(' ');
  return after.split(new RegExp(`\\n#{1,${level.length}} `))[0] ?? '';
}

export interface Shown {
  /** 'POST /clicks', or 'HTTP/1.1 200 OK'. */
  readonly first: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As it stands there; '' for none. */
  readonly body: string;
}

export interface Exchange {
  readonly request: Shown;
  readonly answer: Shown;
}

/** @returns the requests that a text shows, each with its answer. @throws where one has none */
export function exchangesIn(text: string): Exchange[] {
  const shown = [...text.matchAll(/```http\n(.*?)```/gs)].map(([, block = '']) => readShown(block));
  return shown.flatMap((one, place) => {
    const isAnswer = one.first.startsWith('HTTP/');
    if (isAnswer) return [];
    const answer = shown[place + 1];
    if (!answer?.first.startsWith('HTTP/')) throw new Error(`${one.first} is shown without an answer`);
    return [{ request: one, answer }];
  });
}

function readShown(block: string): Shown {
  const [head = '', ...rest] = block.trim().split('\n\n');
  const [first = '', ...lines] = head.split('\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(': ');
    return [line.slice(0, colon), line.slice(colon + 2)] as const;
  });
  return { first, headers, body: rest.join('\n\n') };
}

export interface Row {
  /** What its first cell names: '`client.email, user_id`' are client.email and client.user_id. */
  readonly names: readonly string[];
  readonly cells: readonly string[];
}

/** @returns the rows of those tables of a text whose first column is headed so */
export function rowsUnder(text: string, head: string): Row[] {
  const tables = text.match(/(?:^\|.*\n)+/gm) ?? [];
  return tables.flatMap((table) => {
    const [first = '', , ...rows] = table.trim().split('\n');
    return cellsOf(first.replaceAll('`', ''))[0] === head ? rows.map(readRow) : [];
  });
}

const cellsOf = (line: string): string[] =>
  line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());

function readRow(line: string): Row {
  const cells = cellsOf(line);
  const [first = '', ...others] = (cells[0] ?? '').replaceAll('`', '').split(', ');
  const within = first.slice(0, first.lastIndexOf('.') + 1);
  return { names: [first, ...others.map((name) => within + name)], cells };
}

export interface EventExample {
  readonly hook: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** @returns the events of a text that are shown by themselves */
export const eventsIn = (text: string): EventExample[] =>
  [...text.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => JSON.parse(json) as EventExample);
