import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { eventually } from '#ops/testing/eventually.js';
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

  describe('as a file', () => {
    const open = (filter: object, identity = owner) =>
      subgraph.openFile(
        { kind: 'audit', parameters: { filter: JSON.stringify(filter) } },
        identity,
        new AbortController().signal,
      );
    const linesOf = async (filter: object, identity = owner) =>
      (await text((await open(filter, identity)).body!)).split('\r\n').slice(1, -1);
    const fieldOf = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
    const addMany = (count: number, action: string) =>
      services.operations.query(
        `INSERT INTO operations.audit_event (organization_id, sequence, id, occurred_at, action, outcome, actor_kind,
           request_id, personal_digest, previous_hash, hash)
         SELECT $1, 1000000 + 3 * n, gen_random_uuid(), now(), $3, 'SUCCESS', 'service', 'r', '', '', ''
         FROM generate_series(1, $2::int) AS n`,
        [owner.organizationId, count, action],
      );

    it('has what the log has, in the same order', async () => {
      const lines = await linesOf(ours);
      const { nodes } = await read({ filter: ours });
      const cells = ({ actor, target, ...event }: any) => [
        ...[event.sequence, event.id, event.occurredAt, event.action, event.outcome, actor.kind, actor.id, actor.name],
        ...[target?.type, target?.id, event.address, event.userAgent, event.requestId],
      ];
      expect(lines.map((line) => line.split(',').slice(0, 13))).toEqual(
        nodes.map((node: any) => cells(node).map((cell) => String(cell ?? ''))),
      );
      expect(lines.map((line) => line.split(',').slice(13).join())).toEqual([
        ',',
        `"{""name"": ""Acme""}",`,
        `,"{""name"": ""Acme""}"`,
      ]);
    });

    it.each([
      ...['=1+1', '+1', '-1', '@SUM(A1)', '＝1+1', '＠SUM(A1)'].map((cell) => [cell, `'${cell}`]),
      ['a;=1+1', "a;'=1+1"],
      [';=1+1', ";'=1+1"],
      ['a; "=HYPERLINK("x");b', 'a; "\'=HYPERLINK("x");b'],
      ['a;;+1;-1;@X;＝1', "a;;'+1;'-1;'@X;'＝1"],
      ['a\t=1', "a\t'=1"],
      ['a\r\n=1\n', "a\r\n'=1\n"],
      ['\t=1', "'\t'=1"],
      ['\n=1', "'\n'=1"],
      ...['Sale = 20 %', 'a; b', 'a;b-c', '1', "it's"].map((cell) => [cell, cell]),
    ])('neutralizes %j for spreadsheets in any locale', async (cell, neutral) => {
      const client = { address: '192.0.2.1', userAgent: cell! };
      await record('cell.recorded', { target: { type: 'Cell', id: cell } }, { ...owner, client });
      const content = await text((await open({ targetId: cell })).body!);
      expect(content).toContain(`,Cell,${fieldOf(neutral!)},192.0.2.1,${fieldOf(neutral!)},r1,`);
    });

    it('neutralizes a long run of separators in linear time', async () => {
      // Quadratic: longer than a statement may take.
      await record('run.recorded', { target: { type: 'Run', id: `a${';'.repeat(200_000)}=1` } });
      const [line] = await linesOf({ targetType: 'Run' });
      expect(line).toContain(`;;'=1`);
    });

    it.each([
      [{ since: 'yesterday' }, 'since'],
      [{ outcome: 'ANY' }, 'outcome'],
      [{ targetId: '\0' }, 'filter'],
    ])('refuses the filter %j', async (filter, argument) => {
      await expect(open(filter)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: [{ argument }] });
    });

    it('is for administrators, and of their organization', async () => {
      await expect(open({}, { ...owner, role: 'ANALYST' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(open({}, { ...owner, clientIds: [] })).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(open({}, anonymous('r'))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(await linesOf({ targetId: 'c1' }, stranger)).toEqual([expect.stringContaining(',theirs.done,')]);
    });

    it('is read in parts, and fails, with a line in the log, when one of them does', async () => {
      await addMany(9_000, 'many.done');
      const numbers = (await linesOf({ actions: ['many.*'] })).map((line) => Number(line.split(',')[0]));
      expect(numbers).toEqual(Array.from({ length: 9_000 }, (_, index) => 1_027_000 - 3 * index));
      const logged = jest.spyOn(services.logger, 'error');
      const { body } = await open({ actions: ['many.*'] });
      const holder = services.operations.createQueryRunner();
      await holder.startTransaction();
      await holder.query('LOCK TABLE operations.audit_event IN ACCESS EXCLUSIVE MODE');
      const failed = expect(text(body!)).rejects.toThrow('terminating connection');
      await eventually('the connection of a read is ended', async () => {
        const ended = await holder.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'COPY%'`,
        );
        return ended.length > 0;
      });
      await failed;
      await holder.rollbackTransaction();
      await holder.release();
      expect(logged.mock.calls.map(([, message]) => message)).toContain('Download of an audit log broke off');
    });
  });
});
