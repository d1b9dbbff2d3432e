import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readAnswer } from './answers.js';
import { Client } from './client.js';
import { type OpenTransport, openTransport } from './open-transport.js';

const range = { start: '2026-09-01', end: '2026-09-07' };

const ORDER = /* GraphQL */ `
  mutation Order($range: DateRangeInput!) {
    generateReport(templateId: "campaign-performance", range: $range) { report { id createdBy { name } } }
  }
`;

const PLANS = 'query Plans { plans { id } }';

let manifests: string;
let transport: OpenTransport;
let client: Client;

beforeAll(async () => {
  manifests = mkdtempSync(join(tmpdir(), 'manifests-'));
  const built = { format: 'apollo-persisted-query-manifest', version: 1, operations: [operation('Plans', PLANS)] };
  writeFileSync(join(manifests, 'web.json'), JSON.stringify(built));
  transport = await openTransport('http', { TRUSTED_DOCUMENTS: manifests, TRUSTED_DOCUMENTS_MODE: 'report' });
  ({ client } = await new Client(transport.url).signUp('Ada'));
});
afterAll(async () => {
  await transport?.close();
  rmSync(manifests, { recursive: true });
});

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const operation = (name: string, body: string) => ({ id: hashOf(body), name, type: 'query', body });

/** Sends an operation and checks each error of the answer. */
const send = async (headers: Record<string, string>, body: unknown) =>
  readAnswer(
    await fetch(`${transport.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...client.headers, ...headers },
      body: JSON.stringify(body),
    }),
  );

describe('an Idempotency-Key', () => {
  const order = (key: string, variables: object = { range }) =>
    send({ 'idempotency-key': key }, { query: ORDER, variables });

  it('makes a mutation that is sent again return the first answer, with what other subgraphs add', async () => {
    const first = await order('one');
    const again = await order('one');
    expect(first.errors).toEqual([]);
    expect(again.data).toEqual(first.data);
    expect(again.data.generateReport.report).toEqual({ id: expect.any(String), createdBy: { name: 'Ada' } });
    const replayed = [first, again].map(({ headers }) => headers.get('idempotent-replayed'));
    expect(replayed).toEqual([null, 'true']);
    const { data } = await client.ask('{ organization { reports(first: 10) { edges { node { id } } } } }');
    expect(data.organization.reports.edges).toHaveLength(1);
  });

  it('is refused for another request, and in another form', async () => {
    const other = { range: { ...range, end: '2026-09-06' } };
    expect((await order('one', other)).code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await order('a b')).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
  });
});

describe('a persisted query', () => {
  const extensions = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: hashOf(text) } });
  const byGet = async (text: string, headers: Record<string, string>) =>
    readAnswer(
      await fetch(`${transport.url}/graphql?extensions=${encodeURIComponent(JSON.stringify(extensions(text)))}`, {
        headers: { 'apollo-require-preflight': 'true', ...headers },
      }),
    );

  it('is known after its text was sent once, to anyone, by GET', async () => {
    const text = 'query PlanNames { plans { name } }';
    expect(await byGet(text, {})).toMatchObject({ status: 200, code: 'PERSISTED_QUERY_NOT_FOUND' });
    expect((await send({}, { query: text, extensions: extensions(text) })).errors).toEqual([]);
    for (const headers of [{}, client.headers]) expect((await byGet(text, headers)).data.plans).not.toEqual([]);
    const mine = 'query Me { me { name } }';
    expect((await send({}, { query: mine, extensions: extensions(mine) })).data.me).toEqual({ name: 'Ada' });
    expect((await byGet(mine, {})).data).toEqual({ me: null });
    expect((await byGet(mine, client.headers)).data.me).toEqual({ name: 'Ada' });
  });

  it('is known from a manifest; operators see what is in none', async () => {
    const web = { 'client-name': 'web', 'client-version': '1.0.0' };
    expect((await byGet(PLANS, web)).data.plans).not.toEqual([]);
    expect((await send(web, { query: '{ me { id } }' })).errors).toEqual([]);
    const read = (headers: Record<string, string>) => fetch(`${transport.url}/api/untrusted-documents`, { headers });
    expect((await read(client.headers)).status).toBe(403);
    const operator = { authorization: `Bearer ${transport.base.operatorToken}` };
    const { mode, documents } = (await (await read(operator)).json()) as { mode: string; documents: object[] };
    expect(mode).toBe('report');
    expect(documents).toContainEqual(
      expect.objectContaining({ client: 'web', hash: hashOf('{ me { id } }'), count: 1, isSignedIn: true }),
    );
    expect(documents).not.toContainEqual(expect.objectContaining({ hash: hashOf(PLANS), client: 'web' }));
  });

  it('is counted by the client that sends it', async () => {
    for (let time = 0; time < 10; time += 1) await send({ 'client-name': 'counted' }, { query: PLANS });
    const operator = { authorization: `Bearer ${transport.base.operatorToken}` };
    const metrics = await (await fetch(`${transport.url}/metrics`, { headers: operator })).text();
    expect(metrics).toMatch(/^webmetrics_client_requests_total\{client="counted"\} \d+$/m);
    expect(metrics).toMatch(/^webmetrics_untrusted_documents_total\{client="\w+",outcome="reported"\} \d+$/m);
  });
});
