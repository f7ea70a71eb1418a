/** The page about the conformance kit names every case and every step as they are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CASES } from '../../server/conformance/cases';
import { STEPS } from '../../server/conformance/steps';

const PAGE = readFileSync(join(__dirname, '../../docs/conformance.md'), 'utf8');

/** @returns the cells of each row under a heading */
function rowsUnder(heading: string): string[][] {
  const section = PAGE.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const namesIn = (cell = ''): string[] => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);

/** @returns the names of all fields, those of a list's objects after the list's own */
function fieldsOf(schema: z.ZodObject): string[] {
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const inner = field instanceof z.ZodArray ? field.element : null;
    return inner instanceof z.ZodObject ? [name, ...fieldsOf(inner)] : [name];
  });
}

describe('docs/conformance.md', () => {
  it('has a row for every case, in the order in which they are tried', () => {
    const names = rowsUnder('The cases').map(([name]) => namesIn(name)[0]);
    expect(names).toEqual(CASES.map(({ name }) => name));
  });

  it.each(Object.entries(STEPS))('says what %s is told, and what is answered', (step, { asked, answer }) => {
    const row = rowsUnder('The steps').find(([name]) => namesIn(name)[0] === step);
    expect(namesIn(row?.[1])).toEqual(fieldsOf(asked));
    expect(namesIn(row?.[2])).toEqual(fieldsOf(answer));
  });

  it.each(CASES)('shows titles as they are, of $name among others', ({ name, title }) => {
    const shown = new RegExp(`^[✓✗–] ${name}: (.*)$`, 'm').exec(PAGE)?.[1];
    expect(shown ?? title).toBe(title);
  });
});
