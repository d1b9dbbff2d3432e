import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { IdentitySigner } from '#runtime/identity/identity.js';
import { type Answered, readAnswer } from './answers.js';
import { Client } from './client.js';
import { type OpenTransport, openTransport } from './open-transport.js';

const json = { 'content-type': 'application/json' };
const repeat = (count: number, part: (at: number) => string, separator = ' ') =>
  Array.from({ length: count }, (_, at) => part(at)).join(separator);
const SIGN_UP = `mutation ($text: String!) {
  signUp(name: $text, email: "someone@example.com", password: "correct horse battery", companyName: "Company") { accessToken }
}`;
const INJECTIONS = [
  "'; DROP TABLE auth.person; --",
  "' OR '1'='1",
  '{"$ne": null}',
  '{"$gt": ""}',
  '$(rm -rf /)',
  '../../etc/passwd',
  '%00',
  '<script>alert(1)</script>',
  '{{7*7}}',
];

// What is tried against every public endpoint, and the answer each attempt gets: none of them a 500.
describe('an attempt to abuse the gateway', () => {
  let transport: OpenTransport;
  let client: Client;
  let accessToken: string;
  const table: string[] = [];

  beforeAll(async () => {
    transport = await openTransport('in-process', { GRAPHQL_INTROSPECTION: 'off' });
    const { client: person, refreshToken } = await new Client(transport.url).signUp('Ada');
    client = person;
    const { data } = await client.ask(
      'mutation ($token: String!) { refreshSession(refreshToken: $token) { accessToken } }',
      {
        token: refreshToken,
      },
    );
    accessToken = data.refreshSession.accessToken;
  });
  afterAll(async () => {
    await transport.close();
    process.stdout.write(`${table.join('\n')}\n`);
  });

  async function send(init: RequestInit, path = '/graphql'): Promise<Answered> {
    return readAnswer(await fetch(transport.url + path, init));
  }
  const post = (query: string, variables: object = {}, headers: Record<string, string> = {}) =>
    send({
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${accessToken}`, ...headers },
      body: JSON.stringify({ query, variables }),
    });
  const withToken = (token: string) => post('{ me { id } }', {}, { authorization: `Bearer ${token}` });
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

  /** A token like a real one, with another head, other claims, or another key. */
  function forged(header: object, claims: object = {}, key = 'secret'): string {
    const content = `${encode(header)}.${encode({ ...decodeJwt(accessToken), ...claims })}`;
    return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`;
  }
  const signed = (claims: object, audience: string, seconds: number) =>
    new IdentitySigner(...transport.base.secrets.jwtKeys()).signClaims({ ...claims }, audience, seconds);

  const attempts: [string, () => Promise<Answered>, number, string][] = [
    [
      'a token with alg none',
      () => withToken(`${encode({ alg: 'none' })}.${encode(decodeJwt(accessToken))}.`),
      401,
      'UNAUTHENTICATED',
    ],
    ['a token signed with another key', () => withToken(forged({ alg: 'HS256' })), 401, 'UNAUTHENTICATED'],
    ['a token of another algorithm', () => withToken(forged({ alg: 'RS256' })), 401, 'UNAUTHENTICATED'],
    [
      'an expired token',
      async () => withToken(await signed(decodeJwt(accessToken), 'webmetrics-api', -10)),
      401,
      'UNAUTHENTICATED',
    ],
    [
      'a token for another audience',
      async () => withToken(await signed(decodeJwt(accessToken), 'webmetrics-device', 60)),
      401,
      'UNAUTHENTICATED',
    ],
    [
      'a token of no session',
      async () => withToken(await signed({ sub: 'x', sid: "' OR 1=1 --" }, 'webmetrics-api', 60)),
      401,
      'UNAUTHENTICATED',
    ],
    [
      'a query 60 levels deep',
      () =>
        post(`{ ${repeat(30, () => 'organization { connections { accounts { connection {')} id ${'}'.repeat(120)} }`),
      400,
      'DEPTH_LIMIT_EXCEEDED',
    ],
    [
      'a query 40 levels deep that the schema allows',
      () =>
        post(
          `{ organization { connections { ${repeat(20, () => 'accounts { connection {')} id ${'}'.repeat(40)} } } }`,
        ),
      400,
      'DEPTH_LIMIT_EXCEEDED',
    ],
    [
      'a query that lists lists of lists',
      () =>
        post(`{ organization { connections { ${repeat(6, () => 'accounts { connection {')} id ${'}'.repeat(12)} } } }`),
      400,
      'COST_LIMIT_EXCEEDED',
    ],
    [
      'a query with 60 aliases',
      () => post(`{ me { ${repeat(60, (at) => `a${at}: id`)} } }`),
      400,
      'ALIAS_LIMIT_EXCEEDED',
    ],
    ['60 fields at the root', () => post(`{ ${repeat(60, () => 'plans { id }')} }`), 400, 'ROOT_FIELD_LIMIT_EXCEEDED'],
    [
      'a flood of __typename',
      () => post(`{ me { ${repeat(2_000, () => '__typename')} } }`),
      400,
      'FIELD_LIMIT_EXCEEDED',
    ],
    [
      'a flood of aliased __typename',
      () => post(`{ me { ${repeat(100, (at) => `a${at}: __typename`)} } }`),
      400,
      'ALIAS_LIMIT_EXCEEDED',
    ],
    [
      'a flood of directives',
      () => post(`{ me { id ${repeat(100, () => '@skip(if: false)')} } }`),
      400,
      'DIRECTIVE_LIMIT_EXCEEDED',
    ],
    [
      'an alias of 100,000 letters in a list of a thousand',
      () =>
        post(
          `{ organization { reports(first: 1) { edges { node { sections { rows(first: 1000) { edges { ${'n'.repeat(100_000)}: cursor } } } } } } } }`,
        ),
      400,
      'NAME_LIMIT_EXCEEDED',
    ],
    [
      '159 fragments of 5 fields',
      () =>
        post(
          `{ plans { ${repeat(159, (at) => `...F${at}`)} } } ${repeat(159, (at) => `fragment F${at} on Plan { id name description limits { name } }`)}`,
        ),
      400,
      'FRAGMENT_LIMIT_EXCEEDED',
    ],
    [
      '101 variables',
      () => post(`query (${repeat(101, (at) => `$v${at}: Int`)}) { me { id } }`),
      400,
      'VARIABLE_LIMIT_EXCEEDED',
    ],
    [
      '11 mutations',
      () =>
        post(`mutation { ${repeat(11, (at) => `m${at}: switchOrganization(organizationId: "x") { accessToken }`)} }`),
      400,
      'MUTATION_LIMIT_EXCEEDED',
    ],
    [
      '2 log-ins at once',
      () =>
        post(
          `mutation { ${repeat(2, (at) => `l${at}: logIn(email: "a@example.com", password: "p") { accessToken }`)} }`,
        ),
      400,
      'PASSWORD_LIMIT_EXCEEDED',
    ],
    ['6,000 tokens', () => post(`{ ${repeat(3_000, (at) => `a${at}: __typename`)} }`), 400, 'TOKEN_LIMIT_EXCEEDED'],
    [
      'a fragment that spreads itself',
      () => post('{ ...A } fragment A on Query { me { id } ...B } fragment B on Query { ...A }'),
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'fragments that double again and again',
      () =>
        post(
          `{ organization { connections { ...F0 } } } ${repeat(8, (at) => `fragment F${at} on Integration { a: accounts { connection { ...F${at + 1} } } b: accounts { connection { ...F${at + 1} } } }`)} fragment F8 on Integration { id }`,
        ),
      400,
      'ALIAS_LIMIT_EXCEEDED',
    ],
    [
      'a fragment named __schema',
      () =>
        post(
          `{ ...__schema } fragment __schema on Query { organization { connections { ${repeat(20, () => 'accounts { connection {')} id ${'}'.repeat(40)} } } }`,
        ),
      400,
      'DEPTH_LIMIT_EXCEEDED',
    ],
    ['introspection', () => post('{ __schema { types { name } } }'), 400, 'INTROSPECTION_DISABLED'],
    ['a guess at a hidden field', () => post('{ sessionIdentit }'), 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a batch of operations',
      () =>
        send({ method: 'POST', headers: json, body: '[{"query":"{ plans { id } }"},{"query":"{ plans { id } }"}]' }),
      400,
      'BAD_REQUEST',
    ],
    [
      'a mutation by GET',
      () =>
        send(
          { headers: { 'apollo-require-preflight': 'true' } },
          `/graphql?query=${encodeURIComponent('mutation { logOut }')}`,
        ),
      405,
      'METHOD_NOT_ALLOWED',
    ],
    [
      'a query by GET as any page can send it',
      () => send({}, '/graphql?query=%7Bplans%7Bid%7D%7D'),
      400,
      'BAD_REQUEST',
    ],
    [
      'text/plain, as any page can send it',
      () => send({ method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"query":"{ plans { id } }"}' }),
      400,
      'BAD_REQUEST',
    ],
    ['a body of 200 kB', () => post('{ plans { id } }', { unused: 'x'.repeat(200_000) }), 413, 'REQUEST_TOO_LARGE'],
    ['a name of 100 kB', () => post(SIGN_UP, { text: 'x'.repeat(100_000) }), 200, 'BAD_USER_INPUT'],
    [
      'an id of 100 kB',
      () => post('query ($id: ID!) { connection(id: $id) { id } }', { id: 'x'.repeat(100_000) }),
      200,
      'NOT_FOUND',
    ],
    ['a zero character in a name', () => post(SIGN_UP, { text: 'a\u0000b' }), 200, 'BAD_USER_INPUT'],
  ];

  it.each(attempts)('is answered: %s', async (what, attempt, status, code) => {
    const answer = await attempt();
    table.push(`${what}: ${answer.status} ${answer.code}`);
    expect({ status: answer.status, code: answer.code }).toEqual({ status, code });
    expect(answer.text).not.toMatch(/did you mean/i);
  });

  it.each(INJECTIONS)('changes nothing by writing %s for an id, an address or a token', async (text) => {
    const codes = [
      await post('query ($text: ID!) { connection(id: $text) { id } }', { text }),
      await post('query ($text: ID!) { report(id: $text) { id } }', { text }),
      await post('mutation ($text: String!) { logIn(email: $text, password: $text) { accessToken } }', { text }),
      await post('mutation ($text: String!) { refreshSession(refreshToken: $text) { accessToken } }', { text }),
      await send(
        { headers: { accept: 'application/json' } },
        `/oauth/${encodeURIComponent(text)}/callback?state=${encodeURIComponent(text)}`,
      ),
      await send({}, `/reports/${encodeURIComponent(text)}/download.csv`),
    ].map(({ code }) => code);
    table.push(`${text}: ${codes.join(', ')}`);
    for (const code of codes) expect(['NOT_FOUND', 'UNAUTHENTICATED', 'BAD_USER_INPUT', 'BAD_REQUEST']).toContain(code);
    expect((await client.ask('{ me { id } }')).errors).toBeUndefined();
  });

  it.each(['/graphql', '/health', '/ready', '/api/status', '/nothing'])(
    'has headers that restrict what pages may do with %s',
    async (path) => {
      const { headers } = await fetch(`${transport.url}${path}`, { headers: { origin: 'https://evil.example.com' } });
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'strict-transport-security': expect.stringMatching(/max-age=\d{7,}/),
      });
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('set-cookie')).toBeNull();
    },
  );
});
