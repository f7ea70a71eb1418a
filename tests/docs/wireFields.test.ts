/** The tables of fields in docs/wire.md against the schemas that a service validates with, as it describes itself. */
import { FACT_SCHEMAS, PANEL_SCHEMAS } from '../../hooks';
import { startService } from '../server/given';
import { describeOnSqlite } from '../support/databases';
import { fieldsOf, type Fields, type Schema } from '../support/schemas';
import { rowsUnder, sectionOf, type Row } from './wirePage';

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}
type Content = Readonly<Record<'application/json', { readonly schema: Schema }>>;

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
  async function operation(method: string, path: string): Promise<Operation> {
    const { ask } = await startService(await database.clean());
    const { json } = await ask('GET', '/openapi.json', undefined, { authorization: null });
    const paths = json['paths'] as Record<string, Record<string, Operation>>;
    const found = paths[path]?.[method];
    if (!found) throw new Error(`the service describes no ${method} ${path}`);
    return found;
  }
  const taken = ({ requestBody }: Operation) => fieldsOf(requestBody!.content['application/json'].schema);
  const given = ({ responses }: Operation) => fieldsOf(responses['200']!.content!['application/json'].schema);

  it.each(Object.keys(FACT_SCHEMAS))('names what %s takes', async (hook) => {
    const { requestBody } = await operation('post', '/events');
    const { anyOf = [] } = requestBody!.content['application/json'].schema;
    const one = anyOf[0]?.anyOf?.find(({ properties }) => properties?.['hook']?.const === hook);
    const fields = fieldsOf(one?.properties?.['payload'] ?? {});
    const identity = rowsUnder(sectionOf('## Events').split('\n### ')[0] ?? '', 'field');
    expect(namesIn(identity)).toEqual([...IDENTITY].sort());
    expect(alwaysOf(fields)).toEqual(expect.arrayContaining(IDENTITY));
    const rest = Object.entries(fields).filter(([name]) => !IDENTITY.includes(name));
    // Its lines are named shortly, so that the table can be read.
    const short = rest.map(([name, always]) => [name.replace(/^invoice\.items\[\]/, 'items[]'), always]);
    expectSame(rowsUnder(sectionOf(`### ${hook}`), 'field'), Object.fromEntries(short) as Fields);
  });

  it.each(REQUESTS)('in %s names what is taken by %s %s', async (heading, method, path) => {
    expectSame(rowsUnder(sectionOf(heading), 'field'), taken(await operation(method, path)));
  });

  it.each(ANSWERS)('in %s names what is answered to %s %s', async (heading, method, path) => {
    const rows = rowsUnder(sectionOf(heading), 'in the answer');
    expect(namesIn(rows)).toEqual(Object.keys(given(await operation(method, path))).sort());
  });

  it.each(QUERIES)('in %s names what stands in the query of %s', async (heading, path) => {
    const { parameters = [] } = await operation('get', path);
    const inQuery = parameters.filter((one) => one.in === 'query');
    expect(namesIn(rowsUnder(sectionOf(heading), 'in the query'))).toEqual(
      inQuery.map(({ name }) => name).sort(),
    );
    expect(inQuery.filter(({ required }) => required)).toEqual([]);
  });

  it('names what the four panels take together', async () => {
    const points = Object.keys(PANEL_SCHEMAS);
    const all = await Promise.all(
      points.map(async (point) => taken(await operation('post', `/pages/panels/${point}`))),
    );
    const names = [...new Set(all.flatMap((fields) => Object.keys(fields)))];
    const always = (name: string) => all.every((fields) => fields[name]);
    const together = Object.fromEntries(names.map((name) => [name, always(name)]));
    const section = sectionOf('## Panels');
    expectSame(rowsUnder(section, 'field'), together);
    expect(namesIn(rowsUnder(section, 'point'))).toEqual(points.sort());
  });

  it('names what each kind of command asks for', async () => {
    const { responses } = await operation('get', '/commands');
    const { properties } = responses['200']!.content!['application/json'].schema;
    const kinds = (properties?.['commands']?.items?.anyOf ?? []).map(({ properties: of }) => [
      of?.['kind']?.const,
      Object.keys(fieldsOf(of?.['request'] ?? {})),
    ]);
    const rows = rowsUnder(sectionOf('## Commands'), 'kind').map(({ names, cells }) => [
      names[0],
      /\{ (.*?) \}/.exec(cells[1] ?? '')?.[1]?.split(', '),
    ]);
    expect(rows).toEqual(kinds);
  });
});
