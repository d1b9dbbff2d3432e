import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { buildSchema, getOperationAST, parse } from 'graphql';
import { clientNameOf } from '#gateway/http/client-of.js';
import { registry } from '#runtime/telemetry/registry.js';
import { watchClients } from './watch-clients.js';

const schema = buildSchema(/* GraphQL */ `
  type Query {
    user(id: ID, name: String @deprecated(reason: "Use id.")): User
    users(where: Where, kind: Kind): [User!]
  }
  type User { id: ID name: String @deprecated(reason: "Use id.") }
  input Where { id: ID name: String @deprecated(reason: "Use id.") all: [Where!] }
  enum Kind { PERSON ROBOT @deprecated(reason: "There are none.") }
`);
const plugin = watchClients();
/** Unlike those of other tests in this process. */
const web = `web-${randomUUID()}`;

async function run(query: string, variables: object = {}, context: object = {}): Promise<void> {
  const document = parse(query);
  const contextValue = { identity: { kind: 'user' }, clientName: { name: web }, ...context };
  const request = { schema, document, operation: getOperationAST(document), request: { variables }, contextValue };
  const hooks = await plugin.requestDidStart?.(request as never);
  await hooks?.didResolveOperation?.(request as never);
}

async function counts(metric: string): Promise<Record<string, number>> {
  const values = (await registry.getSingleMetric(metric)?.get())?.values ?? [];
  return Object.fromEntries(values.map(({ labels, value }) => [Object.values(labels).join(' '), value]));
}

it('what is deprecated is counted by client, wherever it stands, once an operation', async () => {
  for (let time = 0; time < 9; time += 1) await run('{ user(id: "1") { id } }');
  await run('{ user(name: "Ada") { ...F } again: user { name } } fragment F on User { name }');
  await run('{ users(where: { name: "Ada" }, kind: ROBOT) { id } }');
  const query = 'query ($where: Where, $kind: Kind) { users(where: $where, kind: $kind) { id } }';
  await run(query, { where: { all: [{ name: 'Ada' }, { id: '1' }] }, kind: 'ROBOT' });
  await run(query, { where: { id: '1' }, kind: 'PERSON' });
  await run(query, { where: JSON.parse('['.repeat(60_000) + ']'.repeat(60_000)) });
  await run('{ user { name } }', {}, { isTrusted: true });
  await run('{ user { name } }', {}, { clientName: undefined });
  await run('{ user { name } }', {}, { identity: { kind: 'anonymous' }, clientName: { name: `invented-${web}` } });
  expect(await counts('webmetrics_deprecated_field_requests_total')).toEqual({
    [`Query.user(name:) ${web}`]: 1,
    [`User.name ${web}`]: 1,
    [`Where.name ${web}`]: 2,
    [`Kind.ROBOT ${web}`]: 2,
    'User.name unnamed': 1,
    'User.name other': 1,
  });
  expect((await counts('webmetrics_client_requests_total'))[web]).toBe(6);
});

it.each([
  [
    { 'client-name': 'web app', 'client-version': '1.2.3' },
    { name: 'web app', version: '1.2.3' },
  ],
  [{ 'apollographql-client-name': 'ios' }, { name: 'ios' }],
  [{ 'client-name': 'web', 'apollographql-client-name': 'ios' }, { name: 'web' }],
  [{ 'client-version': '1' }, undefined],
  [{ 'client-name': 'x'.repeat(101) }, undefined],
  [{ 'client-name': 'a\tb' }, undefined],
  [{ 'client-name': '' }, undefined],
])('the name of a client is read: %j', (headers, name) => {
  expect(clientNameOf({ headers } as never)).toEqual(name);
});
