import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createGateway } from '#gateway/federation/supergraph.js';
import { anonymous } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';
import { schemaFile } from '#schema/type-definitions.js';
import { createApolloServer, variableProblem } from './apollo.js';

describe('an unexpected error of the gateway', () => {
  const lines: { requestId: string; err: Error }[] = [];
  const raised: [unknown, string][] = [];
  const line = (entry: (typeof lines)[number]) => void lines.push(entry);
  const apollo = createApolloServer({
    gateway: createGateway({
      supergraphSdl: readFileSync(schemaFile('supergraph.graphql'), 'utf8'),
      dataSourceFor: () => ({
        process: async () => {
          throw new TypeError('a data source is broken');
        },
      }),
    }),
    logger: { info: line, warn: line, error: line, audit: line } as unknown as Logger,
    hasIntrospection: false,
    isLimited: true,
    unexpected: {
      raise: (error, requestId) => void raised.push([error, requestId]),
      extensionsOf: () => ({ stacktrace: ['as in development'] }),
    },
  });
  beforeAll(() => apollo.start());
  afterAll(() => apollo.stop());

  it('has the request id in the response, the log and the alert', async () => {
    const contextValue = { identity: anonymous('request-1') };
    const { body } = await apollo.executeOperation({ query: '{ plans { id } }' }, { contextValue });
    const [error] = (body.kind === 'single' && body.singleResult.errors) || [];
    expect(error).toMatchObject({
      message: 'Internal error',
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-1', stacktrace: ['as in development'] },
    });
    expect(lines).toMatchObject([{ requestId: 'request-1', err: { message: 'a data source is broken' } }]);
    expect(raised).toEqual([[expect.any(TypeError), 'request-1']]);
  });

  it.each([
    ['of an enum value', { filter: { outcome: 'SUCCES' } }],
    ['of a field', { filter: { outcom: 'SUCCESS' } }],
  ])('suggests no hidden name: %s', async (_what, variables) => {
    const query =
      'query ($filter: AuditLogFilter) { organization { auditLog(filter: $filter, first: 1) { edges { cursor } } } }';
    const contextValue = { identity: anonymous('request-3') };
    const { body } = await apollo.executeOperation({ query, variables }, { contextValue });
    const [error] = (body.kind === 'single' && body.singleResult.errors) || [];
    expect(error?.extensions?.code).toBe('BAD_USER_INPUT');
    expect(JSON.stringify(error)).not.toContain('Did you mean');
  });

  it('does not describe the server when introspection is off', async () => {
    const contextValue = { identity: anonymous('request-4') };
    const { body } = await apollo.executeOperation({ query: '{ __schema { types { name } } }' }, { contextValue });
    const errors = (body.kind === 'single' && body.singleResult.errors) || [];
    expect(errors[0]?.extensions?.code).toBe('INTROSPECTION_DISABLED');
    expect(errors[0]?.message).not.toContain('Apollo');
  });

  const nested = (levels: number, open: string, close: string) => open.repeat(levels) + close.repeat(levels);

  it.each([
    ['a subscription', '{ "query": "subscription { plans { id } }" }', 'OPERATION_RESOLUTION_FAILURE'],
    [
      'variables nearly without end',
      `{ "query": "query ($id: ID!) { report(id: $id) { id } }", "variables": { "id": ${nested(50_000, '[', ']')} } }`,
      'DEPTH_LIMIT_EXCEEDED',
    ],
    [
      'a variable of the wrong kind nearly without end',
      `{ "query": "query ($token: String!) { invitation(token: $token) { email } }", "variables": { "token": ${nested(50_000, '[', ']')} } }`,
      'DEPTH_LIMIT_EXCEEDED',
    ],
    ['a document nearly without end', `{ "query": "${nested(2_400, '{a', '}')}" }`, 'DEPTH_LIMIT_EXCEEDED'],
  ])('is not reported for %s', async (_what, body, code) => {
    const given = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
    const answer = await apollo.executeOperation(given, { contextValue: { identity: anonymous('request-2') } });
    const errors = (answer.body.kind === 'single' && answer.body.singleResult.errors) || [];
    expect(errors.map(({ extensions }) => extensions?.code)).toEqual([code]);
    expect(errors[0]?.message).not.toContain('stack');
    expect(answer.http.status ?? 200).toBe(400);
    expect(raised).toHaveLength(1);
  });
});

describe('variableProblem', () => {
  it.each([
    [
      'Variable "$range" got invalid value "2026-02-30" at "range.start"; Date must be a calendar day like "2026-10-05".',
      { argument: 'range.start', problem: 'Date must be a calendar day like "2026-10-05".' },
    ],
    [
      'Variable "$first" got invalid value "x"; Int cannot represent non-integer value: "x"',
      { argument: 'first', problem: 'Int cannot represent non-integer value: "x"' },
    ],
    [
      'Variable "$id" of required type "ID!" was not provided.',
      { argument: 'id', problem: 'is of required type "ID!" was not provided.' },
    ],
    ['Cannot query field "x" on type "Query".', undefined],
  ])('parses %j', (message, problem) => {
    expect(variableProblem(message)).toEqual(problem);
  });
});
