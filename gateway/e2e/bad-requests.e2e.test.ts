import { randomUUID } from 'node:crypto';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { limits } from '#gateway/graph/size-limits.js';
import { IdentitySigner } from '#runtime/identity/identity.js';
import {
  ACCESS_TOKEN_AUDIENCE,
  GATEWAY_AUDIENCE,
  REPORT_DOWNLOAD_AUDIENCE,
} from '#runtime/identity/token-audiences.js';
import { readAnswer } from './answers.js';
import { ask, json, newcomer } from './newcomer.js';
import { type OpenTransport, openTransport } from './open-transport.js';

describe('a request that is wrong', () => {
  let transport: OpenTransport;
  let bearer: string;
  let accessToken: string;

  beforeAll(async () => {
    transport = await openTransport('in-process');
    ({ bearer, accessToken } = await newcomer(transport));
  });
  afterAll(() => transport.close());

  const send = async (path: string, init: RequestInit) => readAnswer(await fetch(transport.url + path, init));
  const post = (body: string | undefined, headers: Record<string, string> = json) =>
    send('/graphql', { method: 'POST', headers, body });

  describe('in its body', () => {
    it.each([
      ['malformed JSON', '{"query": "{ plans'],
      ['an empty body', ''],
      ['null', 'null'],
      ['a string', '"{ plans { id } }"'],
      ['an empty object', '{}'],
      ['an empty list', '[]'],
      ['a batch', '[{"query":"{ plans { id } }"},{"query":"{ plans { id } }"}]'],
      ['a query that is no string', '{"query": 5}'],
      ['variables that are no object', '{"query":"{ plans { id } }","variables":"x"}'],
    ])('is rejected: %s', async (_what, body) => {
      const { status, code } = await post(body);
      expect({ status, code }).toEqual({ status: 400, code: 'BAD_REQUEST' });
    });

    it('is rejected when its query cannot be parsed', async () => {
      const { status, code } = await post('{"query":"{ plans { id "}');
      expect({ status, code }).toEqual({ status: 400, code: 'GRAPHQL_PARSE_FAILED' });
    });

    it('is rejected when no operation has the given name', async () => {
      const { status, code } = await post('{"query":"query One { plans { id } }","operationName":"Another"}');
      expect({ status, code }).toEqual({ status: 400, code: 'OPERATION_RESOLUTION_FAILURE' });
    });

    it('is rejected when it has several operations and no name', async () => {
      const { status, code } = await post('{"query":"query One { plans { id } } query Two { plans { id } }"}');
      expect({ status, code }).toEqual({ status: 400, code: 'OPERATION_RESOLUTION_FAILURE' });
    });

    it('is refused above 128 KiB, and answered below', async () => {
      const body = (bytes: number) => {
        const start = '{"query":"{ plans { id } }","variables":{"unused":"';
        return `${start}${'x'.repeat(bytes - start.length - 3)}"}}`;
      };
      const { status, code } = await post(body(limits.operationBytes + 1));
      expect({ status, code }).toEqual({ status: 413, code: 'REQUEST_TOO_LARGE' });
      expect((await post(body(limits.operationBytes))).errors).toEqual([]);
    });

    it.each([
      ['text/plain', '{"query":"{ plans { id } }"}'],
      ['application/x-www-form-urlencoded', 'query={plans{id}}'],
      ['multipart/form-data; boundary=x', '--x--'],
      ['application/xml', '<query/>'],
    ])('is refused as %s, which any page can send', async (type, body) => {
      const { status, code, data } = await post(body, { 'content-type': type });
      expect([400, 415]).toContain(status);
      expect(code).toBe('BAD_REQUEST');
      expect(data).toBeUndefined();
    });

    it.each([
      ['application/json; charset=utf-16', 415],
      ['application/json; charset="ISO-8859-1"', 415],
      ['application/json; charset=UTF-8', 200],
      ['application/graphql-response+json; charset=utf8', 415],
    ])('as %s is answered with %i', async (type, status) => {
      const answer = await post('{"query":"{ plans { id } }"}', { 'content-type': type });
      expect([answer.status, answer.code]).toEqual([status, status === 200 ? undefined : 'BAD_REQUEST']);
    });

    it.each([
      ['gzip', gzipSync],
      ['br', brotliCompressSync],
      ['deflate', deflateSync],
    ])('is inflated: %s', async (encoding, compress) => {
      const inflated = async (body: string) => {
        const headers = { ...json, 'content-encoding': encoding };
        return send('/graphql', { method: 'POST', headers, body: new Uint8Array(compress(body)) });
      };
      expect((await inflated('{"query":"{ plans { id } }"}')).data.plans.length).toBeGreaterThan(0);
      const { status, code } = await inflated(`{"query":"{ plans { id } }${' '.repeat(limits.operationBytes)}"}`);
      expect({ status, code }).toEqual({ status: 413, code: 'REQUEST_TOO_LARGE' });
    });

    it('is refused in an unknown encoding, naming those there are, and when it is not what it says', async () => {
      const { status, code, headers } = await post('x', { ...json, 'content-encoding': 'compress' });
      expect([status, code, headers.get('accept-encoding')]).toEqual([
        415,
        'BAD_REQUEST',
        'gzip, br, deflate, identity',
      ]);
      const other = await post('{"query":"{ plans { id } }"}', { ...json, 'content-encoding': 'gzip' });
      expect([other.status, other.code]).toEqual([400, 'BAD_REQUEST']);
    });

    it('may have an empty name of the operation, which is none', async () => {
      const query = '{ plans { id } }';
      expect((await post(JSON.stringify({ query, operationName: '' }))).data.plans.length).toBeGreaterThan(0);
      const path = `/graphql?operationName=&query=${encodeURIComponent(query)}`;
      expect((await send(path, { headers: { 'apollo-require-preflight': '1' } })).data.plans.length).toBeGreaterThan(0);
    });

    it('is refused without a type at all', async () => {
      const { status, code } = await post(undefined, {});
      expect({ status, code }).toEqual({ status: 400, code: 'BAD_REQUEST' });
    });
  });

  describe('in its query', () => {
    it.each([
      ['an unknown field', '{ plans { nonsense } }', {}],
      ['an unknown root field', '{ nonsense }', {}],
      ['an unknown argument', '{ plans(first: 1) { id } }', {}],
      ['a missing argument', '{ connection { id } }', {}],
      ['an argument of the wrong type', '{ connection(id: { a: 1 }) { id } }', {}],
      ['a variable of the wrong type', 'query ($id: Int!) { connection(id: $id) { id } }', { id: 1 }],
      ['a fragment that spreads itself', '{ ...A } fragment A on Query { plans { id } ...A }', {}],
    ])('is rejected: %s', async (_what, query, variables) => {
      const { status, code, data } = await ask(transport, bearer, query, variables);
      expect({ status, code, data }).toEqual({ status: 400, code: 'GRAPHQL_VALIDATION_FAILED', data: undefined });
    });

    it.each([
      ['a list for an id', { id: ['a', 'b'] }],
      ['an object for an id', { id: {} }],
      ['nothing for an id', {}],
      ['null for an id', { id: null }],
    ])('is rejected: %s', async (_what, variables) => {
      const { status, code } = await ask(
        transport,
        bearer,
        'query ($id: ID!) { connection(id: $id) { id } }',
        variables,
      );
      expect({ status, code }).toEqual({ status: 400, code: 'BAD_USER_INPUT' });
    });

    /** `levels` fields, one inside the other, through a path that leads back to where it began. */
    const nested = (levels: number) => {
      const names = Array.from({ length: levels - 2 }, (_, index) => (index % 2 === 0 ? 'accounts' : 'connection'));
      return `query ($id: ID!) { connection(id: $id) { ${names.map((name) => `${name} { `).join('')} id ${'} '.repeat(names.length)} } }`;
    };
    const aliased = (count: number) =>
      `{ ${Array.from({ length: count }, (_, at) => `a${at}: __typename`).join(' ')} }`;
    const spread = (levels: number) => {
      const parts = Array.from({ length: levels - 3 }, (_, at) =>
        at % 2 === 0
          ? `fragment F${at} on Integration { accounts { ...F${at + 1} } }`
          : `fragment F${at} on Account { connection { ...F${at + 1} } }`,
      );
      const last = levels - 3;
      const end = `fragment F${last} on ${last % 2 === 0 ? 'Integration' : 'Account'} { id }`;
      return `query ($id: ID!) { connection(id: $id) { ...F0 } } ${parts.join(' ')} ${end}`;
    };

    it.each([
      ['too deep', nested(25)],
      ['one level too deep', nested(limits.depth + 1)],
      ['too deep behind fragments', spread(25)],
    ])('is refused when it is %s', async (_what, query) => {
      const { status, code, errors } = await ask(transport, bearer, query, { id: randomUUID() });
      expect(errors[0].message).toMatch(/levels deep; 20 are allowed/);
      expect({ status, code }).toEqual({ status: 400, code: 'DEPTH_LIMIT_EXCEEDED' });
    });

    it.each([
      ['aliases', aliased(limits.aliases + 1).replaceAll('__typename', 'plans { id }')],
      [
        'aliases behind fragments',
        `{ ...A ...B } fragment A on Query { ${Array.from({ length: 30 }, (_, at) => `a${at}: plans { id }`).join(' ')} } fragment B on Query { ${Array.from({ length: 30 }, (_, at) => `b${at}: plans { id }`).join(' ')} }`,
      ],
    ])('is refused when it has too many %s', async (_what, query) => {
      const { status, code, errors } = await ask(transport, bearer, query);
      expect(errors[0].message).toMatch(/aliases; 50 are allowed/);
      expect({ status, code }).toEqual({ status: 400, code: 'ALIAS_LIMIT_EXCEEDED' });
    });

    it('is refused when it has too many tokens', async () => {
      const { status, code } = await ask(transport, bearer, `{ ${'__typename '.repeat(limits.tokens)} }`);
      expect({ status, code }).toEqual({ status: 400, code: 'TOKEN_LIMIT_EXCEEDED' });
    });

    it('is answered when it is as large as is allowed', async () => {
      const around = 'organization { reports(first: 1) { edges { node { createdBy {';
      const deep = `{ me { ${around} ${around} ${around} organization { reports(first: 1) { edges { cursor ${'}'.repeat(20)}`;
      expect((await ask(transport, bearer, deep)).errors).toEqual([]);
      const plans = aliased(limits.aliases).replaceAll('__typename', 'plans { id }');
      expect((await ask(transport, bearer, plans)).errors).toEqual([]);
    });
  });

  describe('in its address or method', () => {
    it.each([
      ['with what a browser sends by itself', {}],
      ['with what only a script can send', { 'apollo-require-preflight': '1' }],
    ])('changes nothing by GET, %s', async (_with, headers) => {
      const query = encodeURIComponent('mutation { logOut }');
      const { status, data } = await send(`/graphql?query=${query}`, {
        headers: { ...headers, authorization: bearer },
      });
      expect([400, 405]).toContain(status);
      expect(data).toBeUndefined();
      expect((await ask(transport, bearer, '{ me { name } }')).errors).toEqual([]);
    });

    it.each([
      ['GET', '/nothing/here?with=query'],
      ['POST', '/nothing'],
      ['GET', '/reports'],
      ['GET', '/oauth/google-ads'],
      ['GET', '/.env'],
      ['GET', '/%2e%2e/package.json'],
    ])('finds nothing: %s %s', async (method, path) => {
      const { status, code } = await send(path, { method });
      expect([status, code]).toEqual([404, 'NOT_FOUND']);
    });

    it.each([
      ['DELETE', '/graphql', 'GET, HEAD, POST'],
      ['PUT', '/graphql?query=x', 'GET, HEAD, POST'],
      ['POST', '/health', 'GET, HEAD'],
      ['DELETE', '/ready/', 'GET, HEAD'],
      ['POST', '/api/status', 'GET, HEAD'],
      ['PATCH', '/reports/1/download.csv', 'GET, HEAD'],
      ['POST', '/oauth/google-ads/callback', 'GET, HEAD'],
      ['DELETE', '/verify-email', 'GET, HEAD, POST'],
      ['PUT', '/jobs/api', 'GET, HEAD'],
    ])('names the methods there are: %s %s', async (method, path, allow) => {
      const answer = await send(path, { method, headers: { 'content-type': 'application/xml' }, body: '<xml/>' });
      expect([answer.status, answer.code, answer.headers.get('allow')]).toEqual([405, 'METHOD_NOT_ALLOWED', allow]);
    });

    it.each([
      ['a browser that asks for a page', { accept: 'text/html,*/*;q=0.8' }, 'text/html; charset=utf-8'],
      ['a program', { accept: '*/*' }, 'application/json; charset=utf-8'],
    ])('is answered for %s', async (_who, headers, type) => {
      const paths = ['/verify-email', '/reports/1/download.csv', '/reports/1/download.doc', '/nothing'];
      for (const path of paths) {
        const response = await fetch(transport.url + path, { headers });
        const text = await response.text();
        if (!path.startsWith('/verify')) expect(response.headers.get('content-type')).toBe(type);
        expect(text).not.toContain('Invalid input');
        expect(text).toMatch(/ask for|ask|Sign in|There is|no other format/i);
      }
    });

    it('is not found as another format of a download, which names those there are', async () => {
      const { status, code, errors } = await send('/reports/1/download.doc', { headers: { authorization: bearer } });
      expect([status, code]).toEqual([404, 'NOT_FOUND']);
      expect(errors[0].message).toBe('Reports are downloaded as .pdf, .xlsx, .csv: there is no other format.');
    });

    it('learns the specification of each scalar by introspection', async () => {
      const { data } = await ask(transport, bearer, '{ __schema { types { kind name specifiedByURL } } }');
      const ours = data.__schema.types.filter(
        ({ kind, name }: any) => kind === 'SCALAR' && !/^(String|Int|Float|Boolean|ID)$/.test(name),
      );
      expect(ours.map(({ name }: any) => name).sort()).toEqual(['Date', 'DateTime', 'Decimal', 'JSON', 'Long']);
      for (const { specifiedByURL } of ours) expect(specifiedByURL).toMatch(/^https:\/\/www\./);
    });

    it('is rejected when its address cannot be decoded', async () => {
      const { status, code } = await send('/%', {});
      expect({ status, code }).toEqual({ status: 400, code: 'BAD_REQUEST' });
    });

    it('keeps a request id of its own only when it looks like one', async () => {
      const idOf = async (given: string) =>
        (await send('/nothing', { headers: { 'x-request-id': given } })).errors[0].extensions.requestId;
      expect(await idOf('from-the-client-1')).toBe('from-the-client-1');
      for (const given of ['short', 'x'.repeat(101), 'with spaces in it', '<script>alert(1)</script>']) {
        expect(await idOf(given)).not.toBe(given);
      }
    });
  });

  describe('in its credentials', () => {
    const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

    async function badTokens(): Promise<[string, string][]> {
      const { accessTokenSigner, internalSigner } = transport.base;
      const { sub, sid } = decodeJwt<{ sid: string }>(accessToken);
      const [header = '', payload = '', signature = ''] = accessToken.split('.');
      const foreign = new IdentitySigner('the secret of another installation');
      const claims = { sub, sid };
      const service = { kind: 'service' as const, organizationId: randomUUID(), scopes: [], requestId: 'forged' };
      const everything = { ...decodeJwt(accessToken), exp: Math.floor(Date.now() / 1000) + 900 };
      return [
        ['expired', await accessTokenSigner.signClaims(claims, ACCESS_TOKEN_AUDIENCE, -60)],
        ['alg none', `${base64({ alg: 'none', typ: 'JWT' })}.${base64(everything)}.`],
        ['alg none with a signature', `${base64({ alg: 'none' })}.${payload}.${signature}`],
        ['forged', await foreign.signClaims(claims, ACCESS_TOKEN_AUDIENCE, 900)],
        ['other claims below the signature', `${header}.${base64({ ...everything, sub: randomUUID() })}.${signature}`],
        ['without its signature', `${header}.${payload}.`],
        ['wrong audience', await accessTokenSigner.signClaims(claims, 'elsewhere', 900)],
        ['meant for a subgraph', await internalSigner.sign(service, 'auth')],
        ['meant for a download', await internalSigner.signClaims(claims, REPORT_DOWNLOAD_AUDIENCE, 900)],
        ['a job’s, forged', await foreign.sign(service, GATEWAY_AUDIENCE)],
        ['a job’s, signed with the key of access tokens', await accessTokenSigner.sign(service, GATEWAY_AUDIENCE)],
        ['a job’s, expired', await internalSigner.signClaims({ identity: service }, GATEWAY_AUDIENCE, -60)],
        [
          'an access token signed with the key of jobs',
          await internalSigner.signClaims(claims, ACCESS_TOKEN_AUDIENCE, 900),
        ],
        [
          'of a session that never was',
          await accessTokenSigner.signClaims({ sub, sid: randomUUID() }, ACCESS_TOKEN_AUDIENCE, 900),
        ],
        [
          'of a session that cannot be',
          await accessTokenSigner.signClaims({ sub, sid: 'nonsense' }, ACCESS_TOKEN_AUDIENCE, 900),
        ],
        [
          'of another user than that of its session',
          await accessTokenSigner.signClaims({ sub: randomUUID(), sid }, ACCESS_TOKEN_AUDIENCE, 900),
        ],
        ['without a session', await accessTokenSigner.signClaims({ sub }, ACCESS_TOKEN_AUDIENCE, 900)],
        ['without a subject', await accessTokenSigner.signClaims({}, ACCESS_TOKEN_AUDIENCE, 900)],
        ['garbage', 'garbage'],
        ['garbage in three parts', 'a.b.c'],
        ['long garbage', 'x'.repeat(8_000)],
      ];
    }

    it('may come by GET, with nothing else that a page of another site cannot send', async () => {
      const path = `/graphql?query=${encodeURIComponent('{ me { name } }')}`;
      expect((await send(path, { headers: { authorization: bearer } })).data.me.name).toBe('Ada');
      expect((await send(path, { headers: { 'x-api-key': 'wm_x' } })).status).toBe(401);
      expect((await send(path, {})).status).toBe(400);
    });

    it.each([
      ['none', '/reports/1/download.csv', {}, 'Bearer realm="WebMetrics"'],
      ['wrong ones', '/graphql', { authorization: 'Bearer x' }, 'Bearer realm="WebMetrics", error="invalid_token"'],
      ['wrong ones', '/api/status', { authorization: 'Bearer x' }, 'Bearer realm="WebMetrics", error="invalid_token"'],
      ['none', '/jobs', {}, 'Basic realm="WebMetrics operators", charset="UTF-8"'],
    ])('is challenged with %s at %s', async (_which, path, headers, challenge) => {
      const method = path === '/graphql' ? 'POST' : 'GET';
      const answer = await send(path, { method, headers });
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, challenge]);
    });

    it('is unauthenticated with any invalid token', async () => {
      const verdicts: Record<string, unknown> = {};
      const tokens = await badTokens();
      for (const [what, token] of tokens) {
        // A field that anyone may read: bad credentials are not the same as none.
        const { status, code, data } = await ask(transport, `Bearer ${token}`, '{ plans { id } }');
        verdicts[what] = { status, code, data };
      }
      const refused = { status: 401, code: 'UNAUTHENTICATED', data: undefined };
      expect(verdicts).toEqual(Object.fromEntries(tokens.map(([what]) => [what, refused])));
    });

    it.each([
      ['Basic', () => `Basic ${Buffer.from('ada:secret').toString('base64')}`],
      ['Basic with a good token', () => `Basic ${accessToken}`],
      ['no scheme', () => accessToken],
      ['Bearer without a token', () => 'Bearer'],
      ['two tokens', () => `Bearer ${accessToken} ${accessToken}`],
    ])('is unauthenticated with %s', async (_what, authorization) => {
      const { status, code } = await ask(transport, authorization(), '{ plans { id } }');
      expect({ status, code }).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
    });
  });
});
