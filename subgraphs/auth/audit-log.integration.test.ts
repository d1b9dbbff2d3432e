import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { openTestServices } from '#ops/testing/test-services.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { anonymous, type Identity, type Role } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { auth } from './index.js';

const LOG = /* GraphQL */ `
  query ($filter: AuditLogFilter, $first: Int!, $after: String) {
    organization {
      auditLog(filter: $filter, first: $first, after: $after) {
        edges {
          cursor
          node {
            id sequence occurredAt action outcome actor { kind id name } target { type id }
            address userAgent requestId before after
          }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`;

describe('the audit log', () => {
  let services: Services;
  let subgraph: RunningSubgraph;
  let owner: Identity;
  let stranger: Identity;

  async function newOwner(name: string): Promise<Identity> {
    const { data } = await subgraph.execute(
      {
        query: `mutation ($name: String!, $email: String!) {
          signUp(name: $name, email: $email, password: "correct horse battery", companyName: "Engines") {
            user { id organization { id } }
          }
        }`,
        variables: { name, email: `${crypto.randomUUID()}@example.com` },
      },
      anonymous('sign-up'),
    );
    const { user } = (data as any).signUp;
    const client = { address: '192.0.2.1', userAgent: 'curl' };
    return {
      kind: 'user',
      userId: user.id,
      organizationId: user.organization.id,
      role: 'OWNER',
      scopes: [],
      client,
      requestId: 'r1',
    };
  }

  async function read(given: Record<string, unknown> = {}, identity: Identity = owner): Promise<any> {
    const { data, errors } = await subgraph.execute({ query: LOG, variables: { first: 50, ...given } }, identity);
    const log = (data as any)?.organization?.auditLog;
    const nodes = log?.edges.map(({ node }: any) => node);
    return { log, nodes, actions: nodes?.map(({ action }: any) => action), code: errors?.[0]?.extensions?.code };
  }

  const record = (action: string, more: object = {}, identity = owner) =>
    services.operations.transaction((manager) =>
      recordAudit(manager, identity, { organizationId: String(identity.organizationId), action, ...more }),
    );

  beforeAll(async () => {
    services = await openTestServices();
    subgraph = await auth.open(services);
    owner = await newOwner('Ada');
    stranger = await newOwner('Stranger');
    await record('test.first', { target: { type: 'Client', id: 'c1' }, after: { name: 'Acme' } });
    await record('test.second', { target: { type: 'Client', id: 'c2' }, before: { name: 'Acme' } });
    await record('other.refused', {}, { ...owner, kind: 'anonymous', userId: undefined });
    await record('theirs.done', { target: { type: 'Client', id: 'c1' } }, stranger);
  });
  afterAll(() => services.lifecycle.close());

  const ours = { actions: ['test.*', 'other.refused'] };

  it('shows actors, targets and origins, the newest first', async () => {
    const { nodes } = await read({ filter: ours });
    expect(nodes).toMatchObject([
      { action: 'other.refused', outcome: 'REFUSED', actor: { kind: 'ANONYMOUS', id: null, name: null }, target: null },
      { action: 'test.second', before: { name: 'Acme' }, after: null },
      {
        action: 'test.first',
        outcome: 'SUCCESS',
        actor: { kind: 'USER', id: owner.userId, name: 'Ada' },
        target: { type: 'Client', id: 'c1' },
        address: '192.0.2.1',
        userAgent: 'curl',
        requestId: 'r1',
        before: null,
        after: { name: 'Acme' },
      },
    ]);
  });

  it('names actors who have left', async () => {
    const visitor = { ...(await newOwner('Visitor')), organizationId: owner.organizationId };
    await record('left.behind', {}, visitor);
    const { nodes } = await read({ filter: { actions: ['left.behind'] } });
    expect(nodes[0].actor).toMatchObject({ id: visitor.userId, name: 'Visitor' });
  });

  it('has stable pages while events are added', async () => {
    for (let number = 0; number < 7; number += 1) await record(`page.${number}`);
    const seen: string[] = [];
    for (let after: string | null = null, page = 0; page < 9; page += 1) {
      const { log, actions } = await read({ filter: { actions: ['page.*'] }, first: 3, after });
      seen.push(...actions);
      await record('page.added');
      if (!log.pageInfo.hasNextPage) break;
      after = log.pageInfo.endCursor;
    }
    expect(seen).toEqual(['page.6', 'page.5', 'page.4', 'page.3', 'page.2', 'page.1', 'page.0']);
  });

  it.each([
    ['by action', () => ({ actions: ['test.first'] }), ['test.first']],
    ['by the beginning of actions', () => ({ actions: ['test.*'] }), ['test.second', 'test.first']],
    ['by nothing at all', () => ({ actions: [] }), []],
    ['by target', () => ({ targetType: 'Client', targetId: 'c1' }), ['test.first']],
    ['by outcome', () => ({ ...ours, outcome: 'REFUSED' }), ['other.refused']],
    ['by actor', () => ({ ...ours, actorId: owner.userId }), ['test.second', 'test.first']],
    ['by time', () => ({ ...ours, since: '2000-01-01T00:00:00Z', until: '2001-01-01T00:00:00Z' }), []],
  ])('is filtered %s', async (_how, filter, expected) => {
    expect((await read({ filter: filter() })).actions).toEqual(expected);
  });

  it('has no wildcards but the trailing one', async () => {
    expect((await read({ filter: { actions: ['%.*', '%'] } })).actions).toEqual([]);
  });

  it.each([
    ['a cursor of nothing', { after: 'nonsense' }],
    ['a cursor of another list', { after: Buffer.from('["x"]').toString('base64url') }],
    ['no events', { first: 0 }],
    ['a zero character', { filter: { targetId: '\0' } }],
  ])('refuses %s', async (_what, given) => {
    expect((await read(given)).code).toBe('BAD_USER_INPUT');
  });

  it.each<[Role, string | undefined]>([
    ['ADMIN', undefined],
    ['ANALYST', 'FORBIDDEN'],
    ['VIEWER', 'FORBIDDEN'],
  ])('is for administrators: %s', async (role, code) => {
    expect((await read({}, { ...owner, role })).code).toBe(code);
  });

  it('shows one organization only', async () => {
    const { nodes } = await read({ filter: { targetId: 'c1' } }, stranger);
    expect(nodes.map(({ action }: any) => action)).toEqual(['theirs.done']);
  });
});
