/** The tables of fields in docs/wire.md against the schemas that a service validates with, as it describes itself. */
import { FACT_SCHEMAS, PANEL_SCHEMAS } from '../../hooks';
import { startService } from '../server/given';
import { describeOnSqlite } from '../support/databases';
import { responseOf, schemaOf, type Description, type Operation } from '../support/openapi';
import { eitherOf, fieldsOf, resolved, type Fields } from '../support/schemas';
import { rowsUnder, sectionOf, type Row } from './wirePage';

const REQUESTS = [
  ['## Clicks', 'post', '/clicks'],
  ['## Commands', 'post', '/commands/ack'],
  ['## Comparing', 'post', '/reconcile'],
  ['## Pages', 'post', '/pages/client'],
  ['## Pages', 'post', '/pages/staff'],
] as const;

const ANSWERS = [
  ...REQUESTS,
  ['## Settings', 'put', '/settings'],
  ['## Pages', 'get', '/pages/client'],
  ['## Pages', 'get', '/pages/staff'],
] as const;

const QUERIES = [
  ['## Clicks', '/r/{code}'],
  ['## Webhooks', '/webhooks/messages'],
] as const;

/** The two that stand above all tables of events. */
const IDENTITY = ['eventId', 'at'];

const namesIn = (rows: readonly Row[]) => rows.flatMap(({ names }) => names).sort();
const alwaysIn = (rows: readonly Row[]) => namesIn(rows.filter(({ cells }) => cells[1] === 'required'));
const alwaysOf = (fields: Fields) => Object.keys(fields).filter((name) => fields[name]);

/** What is told of a table's fields: which there are, and which are always required. */
function expectSame(rows: readonly Row[], fields: Fields): void {
  expect(namesIn(rows)).toEqual(Object.keys(fields).sort());
  expect(alwaysIn(rows)).toEqual(alwaysOf(fields).sort());
}

describeOnSqlite('A table of docs/wire.md', (database) => {
  async function describe(): Promise<Description> {
    const { ask } = await startService(await database.clean());
    return (await ask('GET', '/openapi.json', undefined, { authorization: null })).json as Description;
  }
  const operation = ({ paths }: Description, method: string, path: string): Operation => {
    const found = paths[path]?.[method];
    if (!found) throw new Error(`the service describes no ${method} ${path}`);
    return found;
  };
  const taken = (document: Description, path: string, method = 'post') =>
    fieldsOf(document, schemaOf(operation(document, method, path).requestBody));
  const given = (document: Description, path: string, method = 'post') =>
    fieldsOf(document, schemaOf(responseOf(document, operation(document, method, path).responses['200'])));

  it.each(Object.keys(FACT_SCHEMAS))('names what %s takes', async (hook) => {
    const document = await describe();
    const { oneOf = [] } = document.components.schemas['Event'] ?? {};
    const event = oneOf.find(({ properties }) => properties?.['hook']?.const === hook);
    const fields = fieldsOf(document, event?.properties?.['payload']);
    const identity = rowsUnder(sectionOf('## Events').split('\n### ')[0] ?? '', 'field');
    expect(namesIn(identity)).toEqual([...IDENTITY].sort());
    expect(alwaysOf(fields)).toEqual(expect.arrayContaining(IDENTITY));
    const rest = Object.entries(fields).filter(([name]) => !IDENTITY.includes(name));
    // Its lines are named shortly, so that the table can be read.
    const short = rest.map(([name, always]) => [name.replace(/^invoice\.items\[\]/, 'items[]'), always]);
    expectSame(rowsUnder(sectionOf(`### ${hook}`), 'field'), Object.fromEntries(short) as Fields);
  });

  it.each(REQUESTS)('in %s names what is taken by %s %s', async (heading, method, path) => {
    expectSame(rowsUnder(sectionOf(heading), 'field'), taken(await describe(), path, method));
  });

  it.each(ANSWERS)('in %s names what is answered to %s %s', async (heading, method, path) => {
    const rows = rowsUnder(sectionOf(heading), 'in the answer');
    expect(namesIn(rows)).toEqual(Object.keys(given(await describe(), path, method)).sort());
  });

  it.each(QUERIES)('in %s names what stands in the query of %s', async (heading, path) => {
    const { parameters = [] } = operation(await describe(), 'get', path);
    const inQuery = parameters.filter((one) => one.in === 'query');
    expect(namesIn(rowsUnder(sectionOf(heading), 'in the query'))).toEqual(
      inQuery.map(({ name }) => name).sort(),
    );
    expect(inQuery.filter(({ required }) => required)).toEqual([]);
  });

  it('names what the four panels take and show together', async () => {
    const document = await describe();
    const points = Object.keys(PANEL_SCHEMAS);
    const section = sectionOf('## Panels');
    const all = points.map((point) => taken(document, `/pages/panels/${point}`));
    expectSame(rowsUnder(section, 'field'), eitherOf(all));
    const shown = eitherOf(points.map((point) => given(document, `/pages/panels/${point}`)));
    // Staff are shown text alone.
    const parts = Object.keys(shown).filter((name) => name !== 'shown');
    expect(namesIn(rowsUnder(section, 'in the answer'))).toEqual(parts.sort());
    expect(namesIn(rowsUnder(section, 'point'))).toEqual(points.sort());
  });

  it('names what each kind of command asks for', async () => {
    const document = await describe();
    const { responses } = operation(document, 'get', '/commands');
    const { properties } = resolved(document, schemaOf(responseOf(document, responses['200'])));
    const kinds = (properties?.['commands']?.items?.oneOf ?? []).map(({ properties: of }) => [
      of?.['kind']?.const,
      Object.keys(fieldsOf(document, of?.['request'])),
    ]);
    const rows = rowsUnder(sectionOf('## Commands'), 'kind').map(({ names, cells }) => [
      names[0],
      /\{ (.*?) \}/.exec(cells[1] ?? '')?.[1]?.split(', '),
    ]);
    expect(rows).toEqual(kinds);
  });
});
