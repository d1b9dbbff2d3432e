import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Identity } from '#runtime/identity/identity.js';
import { ACCESS_TOKEN_AUDIENCE, GATEWAY_AUDIENCE } from '#runtime/identity/token-audiences.js';
import { type SubgraphName, subgraphNames } from '#schema/type-definitions.js';
import { Client } from './client.js';
import { describeTenants } from './describe-tenants.js';
import { type OpenTransport, openTransport } from './open-transport.js';
import { openTenant, type Tenant } from './tenant.js';

describeTenants('http');

describe('a subgraph on its own port', () => {
  let transport: OpenTransport;
  let ours: Tenant;

  beforeAll(async () => {
    transport = await openTransport('http');
    ours = await openTenant(new Client(transport.url), 'Ada');
  });
  afterAll(() => transport.close());

  const operations = [
    '{ _service { sdl } }',
    '{ _entities(representations: []) { __typename } }',
    '{ __typename }',
    '{ __schema { types { name } } }',
    'not even GraphQL',
  ];

  async function post(name: SubgraphName, query: string, headers: Record<string, string> = {}) {
    const response = await fetch(transport.subgraphUrls[name] as string, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
    const { data, errors } = (await response.json()) as any;
    return { status: response.status, data, code: errors?.[0]?.extensions?.code };
  }
  const refused = { status: 401, data: undefined, code: 'UNAUTHENTICATED' };

  it.each(subgraphNames)('%s answers the gateway', async (name) => {
    const token = await transport.base.internalSigner.sign(ours.identity, name);
    expect(await post(name, '{ __typename }', { authorization: `Bearer ${token}` })).toEqual({
      status: 200,
      data: { __typename: 'Query' },
      code: undefined,
    });
  });

  it.each(subgraphNames)('%s refuses requests without a token, whatever identity their headers claim', async (name) => {
    for (const query of operations) {
      expect(await post(name, query)).toEqual(refused);
      const headers = {
        'x-user-id': ours.userId,
        'x-organization-id': ours.organizationId,
        'x-role': 'OWNER',
        'x-identity': JSON.stringify(ours.identity),
      };
      expect(await post(name, query, headers)).toEqual(refused);
    }
  });

  it.each(subgraphNames)('%s refuses tokens for other audiences', async (name) => {
    const { internalSigner, accessTokenSigner } = transport.base;
    const others = subgraphNames.filter((other) => other !== name);
    const tokens = [
      ...(await Promise.all(others.map((other) => internalSigner.sign(ours.identity, other)))),
      await internalSigner.sign(ours.identity, GATEWAY_AUDIENCE),
      await internalSigner.sign(ours.identity, ACCESS_TOKEN_AUDIENCE),
      new URL(ours.downloadUrl).searchParams.get('token') as string,
      ours.accessToken,
      await accessTokenSigner.sign(ours.identity, name),
      await internalSigner.signClaims({ identity: ours.identity }, name, -120),
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify({ identity: ours.identity, aud: name, iss: 'webmetrics' })).toString('base64url')}.`,
      'nonsense',
    ];
    for (const token of tokens) {
      expect(await post(name, '{ __typename }', { authorization: `Bearer ${token}` })).toEqual(refused);
    }
    const good = await internalSigner.sign(ours.identity, name);
    expect(await post(name, '{ __typename }', { authorization: good })).toEqual(refused);
    expect(await post(name, '{ __typename }', { authorization: `Basic ${good}` })).toEqual(refused);
  });

  it('acts for the identity of the token, not of a header', async () => {
    const stranger: Identity = { ...ours.identity, userId: randomUUID(), organizationId: randomUUID() };
    const headers = {
      authorization: `Bearer ${await transport.base.internalSigner.sign(stranger, 'auth')}`,
      'x-user-id': ours.userId,
      'x-organization-id': ours.organizationId,
    };
    expect(await post('auth', '{ me { id } organization { id } }', headers)).toEqual({
      status: 200,
      data: { me: null, organization: null },
      code: undefined,
    });
  });

  it('does not disclose its schema to a person, even with a token of the gateway', async () => {
    for (const name of subgraphNames) {
      const authorization = `Bearer ${await transport.base.internalSigner.sign(ours.identity, name)}`;
      expect((await post(name, '{ _service { sdl } }', { authorization })).code).toBe('FORBIDDEN');
    }
  });
});
