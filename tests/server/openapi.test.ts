/** GET /openapi.json, as a maker of a portal uses it: with a validator, a generator of clients, or by eye. */
import { WIRE_ERROR_CODES, WireError } from '../../server/errors';
import { describeOnSqlite } from '../support/databases';
import {
  operationsOf,
  problemsOfDocument,
  responseOf,
  schemasIn,
  type Description,
} from '../support/openapi';
import { startService } from './given';

/** Open to everybody. */
const OPEN = ['/r/{code}', '/healthz', '/readyz', '/metrics', '/openapi.json'];

describeOnSqlite('The description of the service', (database) => {
  async function describe(): Promise<Description> {
    const { ask } = await startService(await database.clean());
    return (await ask('GET', '/openapi.json', undefined, { authorization: null })).json as Description;
  }

  it('is valid OpenAPI 3.1', async () => {
    const document = await describe();
    expect(document['openapi']).toMatch(/^3\.1\./);
    expect(await problemsOfDocument(document)).toEqual([]);
    const broken = { ...document, info: { version: '1' } };
    expect((await problemsOfDocument(broken)).join()).toContain('title');
  });

  it('has schemas that a strict reader of JSON Schema takes, and names those that stand in several places', async () => {
    const document = await describe();
    expect(schemasIn(document).compileAll()).toBeGreaterThan(30);
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['Error', 'Event', 'EventAnswer', 'InvoicePaid', 'Page', 'PageRequest']),
    );
  });

  it('tells of each operation what it is for, what it takes and what it answers', async () => {
    const document = await describe();
    const operations = operationsOf(document);
    const ids = operations.map(([, , { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [method, path, { summary = '', requestBody, responses, security }] of operations) {
      const isOpen = OPEN.includes(path);
      expect(summary).toMatch(/\.$/);
      expect([path, requestBody !== undefined]).toEqual([path, method !== 'get']);
      expect([path, security !== undefined]).toEqual([path, isOpen]);
      const statuses = Object.keys(responses);
      const always = [path === '/r/{code}' ? '302' : '200', '503', ...(isOpen ? [] : ['401'])];
      expect([path, statuses]).toEqual([path, expect.arrayContaining(always)]);
      for (const status of statuses) {
        const response = responseOf(document, responses[status]);
        expect(response?.description).toMatch(/\.$/);
        expect([path, status, response?.content !== undefined]).toEqual([path, status, status !== '302']);
      }
    }
  });

  it('names every code of a refusal under its status', async () => {
    const { responses } = (await describe()).components;
    for (const code of WIRE_ERROR_CODES)
      expect(responses[`Refused${new WireError(code).status}`]?.description).toContain(`\`${code}\`: `);
  });

  it('has examples that are as it describes them', async () => {
    const document = await describe();
    const schemas = schemasIn(document);
    const examples = operationsOf(document).flatMap(([method, path, { requestBody, responses }]) => {
      const body = requestBody?.content['application/json']?.example;
      const json = responseOf(document, responses['200'])?.content?.['application/json']?.example;
      return body === undefined ? [] : [{ method, path, body, status: 200, json }];
    });
    expect(examples.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/events', '/clicks', '/commands/ack', '/settings']),
    );
    for (const example of examples) {
      expect(schemas.problemsOfRequest(example)).toEqual([]);
      expect(schemas.problemsOfAnswer(example)).toEqual([]);
    }
  });
});
