import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type GraphQLFieldResolver, graphql } from 'graphql';
import { eventually } from '#ops/testing/eventually.js';
import { readBody } from '#ops/testing/read-body.js';
import { typeDefinitionsOf } from '#schema/type-definitions.js';
import { Client } from './client.js';
import { type OpenTransport, openTransport } from './open-transport.js';
import { readJson } from './read-json.js';

const CONNECTIONS = 3;
const QUERY = '{ me { name organization { name entitlements { limits { name used } } } } }';

interface Limit {
  name: string;
  used: number | null;
}

describe('an answer while a subgraph is away', () => {
  const schema = buildSubgraphSchema(typeDefinitionsOf('integrations'));
  const fieldResolver: GraphQLFieldResolver<Record<string, unknown>, unknown> = (
    source,
    _args,
    _context,
    { fieldName },
  ) => (fieldName === 'connectionCount' ? CONNECTIONS : source[fieldName]);
  let isAway = false;
  let server: Server;
  let platform: OpenTransport | undefined;
  let client: Client;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (isAway) return void response.socket?.destroy();
    const body = (await readBody(request))?.toString();
    if (!body) return void response.writeHead(404).end();
    const { query, variables } = JSON.parse(body);
    const result = await graphql({ schema, source: query, variableValues: variables, fieldResolver });
    response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
  }

  beforeAll(async () => {
    server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    platform = await openTransport('in-process', { SUBGRAPH_INTEGRATIONS_URL: url });
    ({ client } = await new Client(platform.url).signUp('Ada'));
  });
  afterAll(async () => {
    await platform?.close();
    server.closeAllConnections();
    server.close();
  });

  const ask = async () => {
    const { response, body } = await client.post(QUERY);
    const limits: Limit[] = body.data.me.organization.entitlements.limits;
    return {
      body,
      used: Object.fromEntries(limits.map(({ name, used }) => [name, used])),
      degraded: body.extensions.degraded,
      header: response.headers.get('x-degraded'),
    };
  };
  const askRest = () => readJson(`${platform?.url}/api/organization/entitlements`, client.headers.authorization);
  const isWhole = async () => (await ask()).degraded === undefined;

  afterEach(async () => {
    isAway = false;
    await eventually('the circuit is closed', isWhole);
  });

  it('is whole, and says nothing, while none is', async () => {
    const { body, used, degraded, header } = await ask();
    expect(body.errors).toBeUndefined();
    expect([used.CONNECTIONS, degraded, header]).toEqual([CONNECTIONS, undefined, null]);
    const { status, headers } = await askRest();
    expect([status, headers.get('x-degraded')]).toEqual([200, null]);
  });

  it('has what the others answered, and names it in `extensions.degraded` and `x-degraded`', async () => {
    isAway = true;
    const { body, used, degraded, header } = await ask();
    expect(body.data.me).toMatchObject({ name: 'Ada', organization: { name: 'Company' } });
    expect([used.CONNECTIONS, used.MEMBERS]).toEqual([null, 1]);
    expect(body.errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
    expect([degraded, header]).toEqual([[{ subgraph: 'integrations', reason: 'UNREACHABLE' }], 'integrations']);
  });

  it('has the same over REST', async () => {
    isAway = true;
    const { status, body, headers } = await askRest();
    expect([status, headers.get('x-degraded')]).toEqual([200, 'integrations']);
    const limits: Limit[] = body.data.limits;
    expect(limits).toContainEqual(expect.objectContaining({ name: 'CONNECTIONS', used: null }));
    expect(limits).toContainEqual(expect.objectContaining({ name: 'MEMBERS', used: 1 }));
    expect(body.errors).toMatchObject([{ code: 'SUBGRAPH_UNAVAILABLE' }]);
  });

  it('says that the subgraph is no longer asked, and is whole again after one answer', async () => {
    isAway = true;
    await eventually('the circuit is open', async () => (await ask()).degraded?.[0]?.reason === 'CIRCUIT_OPEN');
    const { used, header } = await ask();
    expect([used.CONNECTIONS, used.MEMBERS, header]).toEqual([null, 1, 'integrations']);
    isAway = false;
    await eventually('the circuit is closed', isWhole);
    expect((await ask()).used.CONNECTIONS).toBe(CONNECTIONS);
    expect((await askRest()).headers.get('x-degraded')).toBeNull();
  });
});
