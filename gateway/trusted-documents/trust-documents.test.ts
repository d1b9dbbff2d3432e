import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { createGateway } from '#gateway/federation/supergraph.js';
import { createAdmission } from '#gateway/graph/admit-request.js';
import { createApolloServer } from '#gateway/graph/apollo.js';
import { createRunOperation } from '#gateway/graph/run-operation.js';
import { serveGraph } from '#gateway/graph/serve-graph.js';
import { createServer } from '#gateway/http/server.js';
import type { Presented } from '#gateway/limits/presented.js';
import { anonymous, type Identity } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';
import { schemaFile } from '#schema/type-definitions.js';
import { hashOf, type ManifestOperation } from './manifest.js';
import { openDocuments } from './open-documents.js';
import type { TrustMode } from './trust-documents.js';

const PLANS = 'query Plans { plans { id } }';
const NAMES = 'query Names($skip: Boolean = false) { plans { id @skip(if: $skip) name } }';
const LOG_IN = 'mutation LogIn($email: String!) { logIn(email: $email, password: "secret") { accessToken } }';
const UNKNOWN = 'query Unknown { plans { id description } }';
const INTROSPECTION = '{ __schema { types { name } } }';

const operation = (name: string, body: string, id = hashOf(body)): ManifestOperation => ({
  id,
  name,
  type: body.startsWith('mutation') ? 'mutation' : 'query',
  body,
});
const manifest = (operations: ManifestOperation[], client?: string) =>
  JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, client, operations });

const folder = mkdtempSync(join(tmpdir(), 'manifests-'));
writeFileSync(join(folder, 'default.json'), manifest([operation('Plans', PLANS)]));
writeFileSync(
  join(folder, 'any-name.json'),
  manifest([operation('Names', NAMES, 'names:1'), operation('LogIn', LOG_IN)], 'web'),
);
afterAll(() => rmSync(folder, { recursive: true }));

const lines: { level: string; message: string; fields: Record<string, unknown> }[] = [];
const line = (level: string) => (fields: Record<string, unknown>, message: string) =>
  void lines.push({ level, fields, message });
const logger = {
  debug() {},
  info: line('info'),
  warn: line('warn'),
  error: line('error'),
  audit() {},
} as unknown as Logger;

const alerts: unknown[] = [];
let ran: (string | undefined)[] = [];
let purposes: string[] = [];

async function openServer(mode: TrustMode) {
  const trustedDocuments = { mode, paths: [folder] };
  const documents = openDocuments({
    config: { traffic: { trustedDocuments } } as never,
    logger,
    now: () => new Date(),
  });
  const apollo = createApolloServer({
    gateway: createGateway({
      supergraphSdl: readFileSync(schemaFile('supergraph.graphql'), 'utf8'),
      dataSourceFor: () => ({
        process: async ({ request }) => {
          ran.push(request.query);
          return {
            data: { plans: [{ id: 'trial', name: 'Trial', description: '' }], logIn: { accessToken: 'a.b.c' } },
          };
        },
      }),
    }),
    logger,
    hasIntrospection: true,
    isLimited: true,
    unexpected: { raise: (error) => void alerts.push(error), extensionsOf: () => ({}) },
    persistedQueries: documents.persistedQueries,
    plugins: documents.plugins,
  });
  await apollo.start();
  const app = await createServer({ logger, isAllowedOrigin: () => false });
  const identify = async (authorization: string | undefined, requestId: string): Promise<Identity> =>
    authorization
      ? { kind: authorization as Identity['kind'], userId: 'ada', scopes: [], requestId }
      : anonymous(requestId);
  const limitRequests = async (
    _reply: unknown,
    _address: string,
    authenticate: () => Promise<Identity>,
    present: () => Presented,
  ) => {
    const identity = await authenticate();
    if (identity.kind === 'anonymous') purposes.push(present().purpose);
    return { identity };
  };
  serveGraph(app, apollo, documents.trust(createAdmission(identify, { limitRequests })));
  documents.openRoute(app, async () => ({ name: 'operator' }));
  const close = () => Promise.all([app.close(), apollo.stop()]);
  return { app, run: createRunOperation(apollo), close };
}

const persisted = (sha256Hash: string, version = 1) => ({ persistedQuery: { version, sha256Hash } });

function clientOf(app: () => FastifyInstance) {
  const read = (answer: { statusCode: number; json(): any }) => {
    const { data, errors } = answer.json();
    return { status: answer.statusCode, code: errors?.[0]?.extensions?.code, data };
  };
  return {
    post: async (payload: unknown, headers: Record<string, string> = {}) =>
      read(
        await app().inject({
          method: 'POST',
          url: '/graphql',
          headers: { 'content-type': 'application/json', ...headers },
          payload: JSON.stringify(payload),
        }),
      ),
    get: async (query: string, headers: Record<string, string> = {}) =>
      read(
        await app().inject({
          method: 'GET',
          url: `/graphql?${query}`,
          headers: { 'apollo-require-preflight': '1', ...headers },
        }),
      ),
  };
}

const web = { 'client-name': 'web' };
const REFUSED = { status: 403, code: 'DOCUMENT_NOT_TRUSTED' };
const OK = { status: 200, code: undefined };

describe.each(['off', 'report', 'require'] as const)('with TRUSTED_DOCUMENTS_MODE=%s', (mode) => {
  let server: Awaited<ReturnType<typeof openServer>>;
  const { post, get } = clientOf(() => server.app);
  const unknown = mode === 'require' ? REFUSED : OK;

  beforeAll(async () => {
    server = await openServer(mode);
  });
  afterAll(() => server.close());
  afterEach(() => {
    [ran, purposes] = [[], []];
  });

  it.each<[string, unknown, Record<string, string>]>([
    ['by its text', { query: PLANS }, {}],
    ['by its text, of the client', { query: NAMES }, web],
    ['by its id', { extensions: persisted('names:1') }, web],
    ['by the hash of its text', { extensions: persisted(hashOf(NAMES)) }, web],
    ['by both', { query: PLANS, extensions: persisted(hashOf(PLANS)) }, web],
    ['with other variables', { query: NAMES, variables: { skip: true } }, web],
    ['of everyone, for an unknown client', { extensions: persisted(hashOf(PLANS)) }, { 'client-name': 'other' }],
    ['of everyone, with an empty text', { query: '', extensions: persisted(hashOf(PLANS)) }, {}],
  ])('a known document runs: %s', async (_how, payload, headers) => {
    const empty = (payload as { query?: string }).query === '';
    const answer = await post(payload, { authorization: 'user', ...headers });
    // Apollo takes the empty text for a wrong one.
    expect(answer).toMatchObject(empty ? { status: 400 } : OK);
    expect(ran).toHaveLength(empty ? 0 : 1);
  });

  it('runs known documents by GET, and counts what they are for', async () => {
    expect(await get(`extensions=${encodeURIComponent(JSON.stringify(persisted(hashOf(PLANS))))}`)).toMatchObject(OK);
    expect(await get(`query=${encodeURIComponent(PLANS)}`)).toMatchObject(OK);
    const logIn = { extensions: persisted(hashOf(LOG_IN)), variables: { email: 'ada@example.com' } };
    expect(await post(logIn, web)).toMatchObject(OK);
    expect(purposes).toEqual(['operation', 'operation', 'logIn']);
  });

  it.each<[string, unknown, Record<string, string>]>([
    ['in no manifest', { query: UNKNOWN }, web],
    ['of another client', { query: NAMES }, { 'client-name': 'other' }],
    ['of a client that does not name itself', { query: NAMES }, {}],
    ['with another space', { query: `${PLANS} ` }, web],
    ['with two operations', { query: `${PLANS} ${UNKNOWN}`, operationName: 'Plans' }, web],
    ['that asks for the schema', { query: INTROSPECTION }, web],
  ])('an unknown document: %s', async (_how, payload, headers) => {
    expect(await post(payload, { authorization: 'user', ...headers })).toMatchObject(unknown);
    expect(await post(payload, { authorization: 'service', ...headers })).toMatchObject(OK);
  });

  it('knows automatic persisted queries by their hash, and no others', async () => {
    const hash = hashOf(UNKNOWN);
    const asked = {
      status: mode === 'require' ? 403 : 200,
      code: mode === 'require' ? 'DOCUMENT_NOT_TRUSTED' : 'PERSISTED_QUERY_NOT_FOUND',
    };
    expect(await post({ extensions: persisted(hash) })).toMatchObject(asked);
    expect(await post({ query: UNKNOWN, extensions: persisted(hash) })).toMatchObject(unknown);
    const extensions = encodeURIComponent(JSON.stringify(persisted(hash)));
    const callers: Record<string, string>[] = [{}, { authorization: 'user' }];
    for (const headers of callers) expect(await get(`extensions=${extensions}`, headers)).toMatchObject(unknown);
  });

  it('refuses what is wrong, as ever, without an alert', async () => {
    const wrong = { status: 400, code: 'BAD_USER_INPUT' };
    expect(await post({ query: PLANS, extensions: persisted(hashOf(NAMES)) })).toMatchObject(wrong);
    expect(await post({ extensions: persisted(hashOf(PLANS), 2) })).toMatchObject(wrong);
    for (const payload of [
      [{ query: PLANS }, { query: UNKNOWN }],
      {},
      { query: 5 },
      { extensions: { persistedQuery: { version: 1, sha256Hash: {} } }, query: PLANS },
    ]) {
      expect((await post(payload)).status).toBe(400);
    }
    expect((await get(`query=${encodeURIComponent(PLANS)}&query=${encodeURIComponent(UNKNOWN)}`)).status).toBe(400);
    const twice = `query=${encodeURIComponent(PLANS)}&%71uery=${encodeURIComponent(UNKNOWN)}`;
    expect((await get(twice)).status).toBe(400);
    expect([ran, alerts]).toEqual([[], []]);
  });

  it('reads the parameters of a URL for a GET, the body for a POST', async () => {
    const answer = await server.app.inject({
      method: 'POST',
      url: `/graphql?query=${encodeURIComponent(PLANS)}`,
      headers: { 'content-type': 'application/json', authorization: 'user' },
      payload: JSON.stringify({ query: UNKNOWN }),
    });
    expect(answer.statusCode).toBe(unknown.status);
  });

  it('runs the operations that WebMetrics ships', async () => {
    const name = 'ListReportRows';
    const identity: Identity = {
      ...anonymous('one'),
      kind: 'user',
      userId: 'ada',
      organizationId: 'engines',
      role: 'VIEWER',
    };
    const context = { identity };
    const { errors } = await server.run(name, { id: '1', section: 'performance', first: 1 }, context);
    expect(errors.map(({ extensions }) => extensions?.code)).not.toContain('DOCUMENT_NOT_TRUSTED');
    expect(ran.length).toBeGreaterThan(0);
  });

  it('lists what require would refuse', async () => {
    const { documents, ...rest } = (await server.app.inject('/api/untrusted-documents')).json();
    expect(rest).toMatchObject({ mode, since: expect.any(String) });
    if (mode === 'off') return expect(documents).toEqual([]);
    const of = (isSignedIn: boolean, client: string | null, hash: string) =>
      documents.find((each: any) => each.isSignedIn === isSignedIn && each.client === client && each.hash === hash);
    const seen = { firstSeen: expect.any(String), lastSeen: expect.any(String) };
    expect(of(true, 'web', hashOf(UNKNOWN))).toMatchObject({ operation: 'Unknown', count: 1, ...seen });
    expect(of(true, null, hashOf(NAMES))).toMatchObject({ operation: 'Names' });
    expect(of(true, 'web', hashOf(INTROSPECTION))).toMatchObject({ operation: null });
    expect(of(false, null, hashOf(UNKNOWN))).toMatchObject({ count: 3 });
    expect(documents.some(({ hash }: { hash: string }) => hash === hashOf(PLANS))).toBe(false);
    const outcome = mode === 'require' ? 'refused' : 'reported';
    const line = { client: 'web', operation: 'Unknown', hash: hashOf(UNKNOWN), outcome };
    expect(
      lines.filter(({ fields }) => fields.hash === line.hash && fields.client === 'web' && fields.outcome === outcome),
    ).toMatchObject([{ level: 'warn', fields: line }]);
  });
});
