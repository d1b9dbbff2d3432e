import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { createGateway } from '#gateway/federation/supergraph.js';
import { anonymous, type Identity } from '#runtime/identity/identity.js';
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
    ['a deep document', `{ "query": "${nested(400, '{a', '}')}" }`, 'DEPTH_LIMIT_EXCEEDED'],
    // The stack of the parser, or else its limit of tokens, ends first.
    ['a document nearly without end', `{ "query": "${nested(2_400, '{a', '}')}" }`, '(DEPTH|TOKEN)_LIMIT_EXCEEDED'],
  ])('is not reported for %s', async (_what, body, code) => {
    const given = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
    const answer = await apollo.executeOperation(given, { contextValue: { identity: anonymous('request-2') } });
    const errors = (answer.body.kind === 'single' && answer.body.singleResult.errors) || [];
    expect(errors.map(({ extensions }) => extensions?.code)).toEqual([expect.stringMatching(`^${code}$`)]);
    expect(errors[0]?.message).not.toContain('stack');
    expect(answer.http.status ?? 200).toBe(400);
    expect(raised).toHaveLength(1);
  });
});

describe('an operation', () => {
  const asked: string[] = [];
  const alerts: unknown[] = [];
  const silent = { info() {}, warn() {}, error() {}, audit() {} } as unknown as Logger;
  let respond = (): object => ({ data: { plans: [{ id: 'trial' }] } });
  const apollo = createApolloServer({
    gateway: createGateway({
      supergraphSdl: readFileSync(schemaFile('supergraph.graphql'), 'utf8'),
      dataSourceFor: () => ({
        process: async ({ request }) => {
          asked.push(request.query ?? '');
          return respond();
        },
      }),
    }),
    logger: silent,
    hasIntrospection: true,
    isLimited: true,
    unexpected: { raise: (error) => void alerts.push(error), extensionsOf: () => ({}) },
  });
  beforeAll(() => apollo.start());
  beforeEach(() => {
    asked.length = 0;
    respond = () => ({ data: { plans: [{ id: 'trial' }] } });
  });
  afterAll(() => apollo.stop());

  const ask = async (query: string, variables: Record<string, unknown> = {}) => {
    const { body, http } = await apollo.executeOperation({ query, variables }, { contextValue: { identity: member } });
    const { data, errors } = body.kind === 'single' ? body.singleResult : {};
    return { status: http.status ?? 200, data, errors };
  };
  const member: Identity = {
    ...anonymous('request-5'),
    kind: 'user',
    userId: 'ada',
    organizationId: 'engines',
    role: 'VIEWER',
  };
  const CAMPAIGNS = 'organization { campaigns(range: $range, first: 1) { totalCount } }';
  const range = { start: '2026-10-01', end: '2026-10-31' };

  it.each([
    ['a condition', 'query ($a: Boolean = true) { plans { id @skip(if: $a) } }', { a: null }, 'if'],
    ['a condition at the root', 'query ($a: Boolean = true) { plans @include(if: $a) { id } }', { a: null }, 'if'],
    [
      'an argument with a default',
      'query ($f: Int) { organization { reports(first: $f) { edges { cursor } } } }',
      { f: null },
      'first',
    ],
    [
      'an argument in a fragment',
      'query ($f: Int) { organization { ...F } } fragment F on Organization { reports(first: $f) { edges { cursor } } }',
      { f: null },
      'first',
    ],
    [
      'a field of an input',
      `query ($d: OrderDirection, $range: DateRangeInput!) { organization { campaigns(range: $range, orderBy: { field: COST, direction: $d }) { totalCount } } }`,
      { d: null, range },
      'orderBy.direction',
    ],
  ])('is refused without an alert, with null in %s', async (_what, query, variables, argument) => {
    const { status, errors } = await ask(query, variables);
    expect(status).toBe(400);
    expect(errors).toMatchObject([
      {
        message: `Invalid input: ${argument} must not be null.`,
        extensions: { code: 'BAD_USER_INPUT', details: [{ argument, problem: 'must not be null' }] },
      },
    ]);
    expect([asked, alerts]).toEqual([[], []]);
  });

  it('may leave such variables out, and null where it is allowed', async () => {
    const query =
      'query ($a: Boolean = false, $unused: Boolean) { plans { id @skip(if: $a) name @include(if: true) } }';
    const { errors } = await ask(query.replace(', $unused: Boolean', ''));
    expect(errors).toBeUndefined();
    const optional = `query ($after: String, $range: DateRangeInput!) { organization { campaigns(range: $range, after: $after) { totalCount } } }`;
    respond = () => ({ data: { organization: null } });
    expect((await ask(optional, { after: null, range })).errors).toBeUndefined();
  });

  it.each([
    [
      'a literal',
      '{ organization { campaigns(range: { start: "2026-02-30", end: "2026-03-01" }, first: 1) { totalCount } } }',
      {},
    ],
    ['a variable', `query ($range: DateRangeInput!) { ${CAMPAIGNS} }`, { range: { ...range, start: '2026-02-30' } }],
    [
      'the default of a variable',
      `query ($range: DateRangeInput! = { start: "2026-02-30", end: "2026-03-01" }) { ${CAMPAIGNS} }`,
      {},
    ],
  ])('is refused once with a wrong day in %s, before a subgraph is asked', async (_what, query, variables) => {
    const { status, errors } = await ask(`${query} # twice: plans`, variables);
    expect(status).toBe(400);
    expect(errors).toMatchObject([
      {
        extensions: {
          code: 'BAD_USER_INPUT',
          details: [
            {
              argument: expect.stringMatching(/^range\.start$/),
              problem: expect.stringMatching(/^Date must be a calendar day like "2026-10-05"\.?$/),
            },
          ],
        },
      },
    ]);
    expect(asked).toEqual([]);
  });

  it('is answered whatever introspection announces, beside data', async () => {
    const everything = {
      descriptions: true,
      inputValueDeprecation: true,
      schemaDescription: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      oneOf: true,
    };
    const all = getIntrospectionQuery(everything);
    expect(all).toContain('isOneOf');
    const { data, errors } = await ask(
      all.replace('query IntrospectionQuery {', 'query IntrospectionQuery { plans { id }'),
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ plans: [{ id: 'trial' }], __schema: { types: expect.anything() } });
    const announced = (await ask('{ __schema { types { name fields { name } } } }')).data as {
      __schema: { types: { name: string; fields: { name: string }[] | null }[] };
    };
    const fields = (name: string) => announced.__schema.types.find((type) => type.name === name)?.fields ?? [];
    expect(fields('__Type').map(({ name }) => name)).toContain('isOneOf');
    const { data: type } = await ask('{ __type(name: "DateRangeInput") { isOneOf inputFields { name } } }');
    expect(type).toMatchObject({ __type: { isOneOf: false, inputFields: [{ name: 'start' }, { name: 'end' }] } });
  });

  it('that fails as a whole while it runs is no failed request', async () => {
    respond = () => {
      throw new TypeError('broken');
    };
    const { status, data, errors } = await ask('{ plans { id } }');
    expect([status, data, errors?.map(({ extensions }) => extensions?.code)]).toEqual([
      200,
      null,
      ['INTERNAL_SERVER_ERROR'],
    ]);
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
