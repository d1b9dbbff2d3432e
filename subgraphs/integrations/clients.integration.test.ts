import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Identity } from '#runtime/identity/identity.js';
import { openStage, type Stage, someone } from './testing/open-stage.js';

const CREATE = /* GraphQL */ `
  mutation ($name: String!, $accountIds: [ID!]!) {
    createClient(name: $name, accountIds: $accountIds) { client { id name accounts { id name } } }
  }
`;
const DELETE = 'mutation ($id: ID!) { deleteClient(clientId: $id) { clientId } }';
const STATE = 'client { id name version archivedAt accounts { id } }';
const UPDATE = `mutation ($id: ID!, $version: Int!, $name: String, $accountIds: [ID!]) {
  updateClient(clientId: $id, version: $version, name: $name, accountIds: $accountIds) { ${STATE} } }`;
const ARCHIVE = `mutation ($id: ID!) { archiveClient(clientId: $id) { ${STATE} } }`;
const RESTORE = `mutation ($id: ID!) { restoreClient(clientId: $id) { ${STATE} } }`;
const CLIENTS = /* GraphQL */ `
  query ($id: ID!, $first: Int!, $after: String, $includeArchived: Boolean! = false) {
    _entities(representations: [{ __typename: "Organization", id: $id }]) {
      ... on Organization {
        clients(first: $first, after: $after, includeArchived: $includeArchived) {
          edges { node { id name accounts { name } } }
          pageInfo { hasNextPage hasPreviousPage endCursor }
        }
      }
    }
  }
`;
const ACCOUNTS = /* GraphQL */ `
  query ($id: ID!, $clientIds: [ID!]) {
    _entities(representations: [{ __typename: "Organization", id: $id }]) {
      ... on Organization { accounts(clientIds: $clientIds) { id name } }
    }
  }
`;

describe('clients', () => {
  let stage: Stage;
  let nora: Identity;
  let accounts: { id: string; name: string }[];

  beforeAll(async () => {
    stage = await openStage();
    nora = someone('ANALYST');
    accounts = (await stage.connect({ ...nora, role: 'ADMIN' }, 'meta-ads')).accounts;
  });
  afterAll(() => stage.close());

  const create = (name: string, accountIds: string[] = []) => stage.ask(nora, CREATE, { name, accountIds });
  const idOf = (index: number) => accounts[index]?.id as string;

  async function created(name: string, accountIds: string[] = []) {
    const { data, errors } = await create(name, accountIds);
    expect(errors).toEqual([]);
    return data.createClient.client;
  }

  async function accountsOf(clientIds?: string[]) {
    const { data, code } = await stage.ask(nora, ACCOUNTS, { id: nora.organizationId, clientIds });
    return { code, names: data._entities[0]?.accounts?.map(({ name }: { name: string }) => name) };
  }

  it('group accounts, each once, by name', async () => {
    const client = await created('  Acme ', [idOf(2), idOf(0), idOf(2)]);
    expect(client).toMatchObject({
      name: 'Acme',
      accounts: [accounts[0], accounts[2]].map((account) => ({ id: account?.id, name: account?.name })),
    });
  });

  it('may share an account, and may be empty', async () => {
    const one = await created('Share One', [idOf(1)]);
    const two = await created('Share Two', [idOf(1), idOf(2)]);
    const none = await created('Share Nothing');
    expect((await accountsOf([one.id])).names).toEqual([accounts[1]?.name]);
    expect((await accountsOf([one.id, two.id])).names).toEqual([accounts[1]?.name, accounts[2]?.name]);
    expect((await accountsOf([none.id])).names).toEqual([]);
    expect((await accountsOf([])).names).toEqual([]);
    expect((await accountsOf()).names).toEqual(accounts.map(({ name }) => name));
    expect((await accountsOf([one.id, randomUUID()])).code).toBe('NOT_FOUND');
  });

  it('have unique names, case-insensitively', async () => {
    await created('Fabrikam');
    expect((await create('FABRIKAM')).code).toBe('CONFLICT');
    const stranger = someone();
    const { code } = await stage.ask(stranger, CREATE, { name: 'Fabrikam', accountIds: [] });
    expect(code).toBeUndefined();
  });

  it.each([[''], ['   '], ['x'.repeat(201)]])('refuse the name "%s"', async (name) => {
    const { code, errors } = await create(name);
    expect(code).toBe('BAD_USER_INPUT');
    expect(errors[0].extensions.details[0].argument).toBe('name');
  });

  it('are not created with unknown accounts', async () => {
    for (const unknown of [randomUUID(), 'nonsense']) {
      const { code, errors } = await create('Half made', [idOf(0), unknown]);
      expect(code).toBe('NOT_FOUND');
      expect(errors[0].message).toBe('There is no account with this id.');
    }
    await created('Half made');
  });

  it('are deleted without their accounts', async () => {
    const client = await created('Short lived', [idOf(0)]);
    expect((await stage.ask(nora, DELETE, { id: client.id })).data.deleteClient).toEqual({ clientId: client.id });
    expect((await stage.ask(nora, DELETE, { id: client.id })).code).toBe('NOT_FOUND');
    expect((await stage.ask(nora, DELETE, { id: 'nonsense' })).code).toBe('NOT_FOUND');
    expect((await accountsOf()).names).toHaveLength(accounts.length);
  });

  it('are changed by one of two people who have read the same version', async () => {
    const { id } = await created('Two editors', [idOf(0), idOf(1)]);
    const edits = [{ name: 'Edited' }, { accountIds: [idOf(2), idOf(1)] }];
    const answers = await Promise.all(edits.map((edit) => stage.ask(nora, UPDATE, { id, version: 1, ...edit })));
    expect(answers.map(({ code }) => code).sort()).toEqual(['CONFLICT', undefined]);
    const { data } = await stage.ask(nora, UPDATE, {
      id,
      version: 2,
      name: 'Edited',
      accountIds: [idOf(2), idOf(1)],
    });
    expect(data.updateClient.client).toMatchObject({ name: 'Edited', version: 3 });
    const ids = data.updateClient.client.accounts.map((account: { id: string }) => account.id);
    expect(ids.sort()).toEqual([idOf(1), idOf(2)].sort());
    expect((await stage.ask(nora, UPDATE, { id, version: 3, name: ' ' })).code).toBe('BAD_USER_INPUT');
    expect((await stage.ask(nora, UPDATE, { id, version: 3, accountIds: [randomUUID()] })).code).toBe('NOT_FOUND');
    await created('Taken');
    expect((await stage.ask(nora, UPDATE, { id, version: 3, name: 'TAKEN' })).code).toBe('CONFLICT');
    const unchanged = await stage.ask(nora, UPDATE, { id, version: 3, name: null, accountIds: null });
    expect(unchanged.data.updateClient.client).toMatchObject({
      name: 'Edited',
      version: 4,
      accounts: expect.any(Array),
    });
  });

  it('keep accounts that no connection opens now', async () => {
    const { id } = await created('With a closed account', [idOf(0), idOf(1)]);
    const database = stage.services.databases.get('integrations');
    const setAccess = (sql: string) =>
      database?.query(`UPDATE integrations.account SET access = ${sql} WHERE id = $1`, [idOf(1)]);
    const [known] = (await database?.query('SELECT access FROM integrations.account WHERE id = $1', [idOf(1)])) ?? [];
    await setAccess('NULL');
    await stage.ask(nora, UPDATE, { id, version: 1, accountIds: [] });
    await setAccess(`'${JSON.stringify(known.access)}'`);
    expect((await accountsOf([id])).names).toEqual([accounts[1]?.name]);
  });

  it('are listed no longer when archived, stay in filters, and return while their name is free', async () => {
    const boss = someone('ANALYST');
    const make = async () =>
      (await stage.ask(boss, CREATE, { name: 'Past', accountIds: [] })).data.createClient.client.id;
    const list = async (includeArchived?: boolean) => {
      const { data } = await stage.ask(boss, CLIENTS, { id: boss.organizationId, first: 10, includeArchived });
      return data._entities[0].clients.edges.map(({ node }: { node: { id: string } }) => node.id);
    };
    const id = await make();
    const archived = await stage.ask(boss, ARCHIVE, { id });
    expect(archived.data.archiveClient.client).toMatchObject({ version: 2, archivedAt: expect.any(String) });
    expect((await stage.ask(boss, ARCHIVE, { id })).data.archiveClient.client.version).toBe(2);
    expect([await list(), await list(true)]).toEqual([[], [id]]);
    expect((await stage.ask(boss, ACCOUNTS, { id: boss.organizationId, clientIds: [id] })).code).toBeUndefined();
    const successor = await make();
    expect((await stage.ask(boss, RESTORE, { id })).code).toBe('CONFLICT');
    expect((await stage.ask(boss, UPDATE, { id, version: 2, name: 'Past (old)' })).code).toBeUndefined();
    expect((await stage.ask(boss, RESTORE, { id })).data.restoreClient.client).toMatchObject({
      archivedAt: null,
      version: 4,
    });
    expect(await list()).toEqual([successor, id]);
    const stranger = someone();
    for (const query of [UPDATE, ARCHIVE, RESTORE]) {
      for (const other of [id, 'nonsense']) {
        expect((await stage.ask(stranger, query, { id: other, version: 1, name: 'Mine' })).code).toBe('NOT_FOUND');
      }
    }
  });

  it('are paged by name', async () => {
    const boss = someone();
    const names = ['delta', 'Alpha', 'charlie', 'Bravo', 'echo'];
    for (const name of names) await stage.ask(boss, CREATE, { name, accountIds: [] });
    const seen: string[] = [];
    let after: string | null = null;
    for (const count of [2, 2, 1]) {
      const { data } = await stage.ask(boss, CLIENTS, { id: boss.organizationId, first: 2, after });
      const { edges, pageInfo } = data._entities[0].clients;
      expect(edges).toHaveLength(count);
      expect(pageInfo).toMatchObject({ hasNextPage: count === 2, hasPreviousPage: after !== null });
      seen.push(...edges.map(({ node }: { node: { name: string } }) => node.name));
      after = pageInfo.endCursor;
    }
    expect(seen).toEqual(['Alpha', 'Bravo', 'charlie', 'delta', 'echo']);
  });

  it.each([[{ first: 0 }], [{ first: 1001 }], [{ after: 'nonsense' }], [{ after: 'WyJhIiwiYiJd' }]])(
    'refuse the page %j',
    async (page) => {
      const { code } = await stage.ask(nora, CLIENTS, { id: nora.organizationId, first: 5, ...page });
      expect(code).toBe('BAD_USER_INPUT');
    },
  );

  it('can be asked for their accounts, at most 200 at a time', async () => {
    const { id } = await created('Bounded', [idOf(0)]);
    expect((await accountsOf(Array(200).fill(id))).names).toEqual([accounts[0]?.name]);
    expect(await accountsOf(Array(201).fill(id))).toEqual({ code: 'BAD_USER_INPUT', names: undefined });
  });

  it('are created by ANALYSTs, not by VIEWERs', async () => {
    const viewer = { ...nora, role: 'VIEWER' as const };
    expect((await stage.ask(viewer, CREATE, { name: 'No', accountIds: [] })).code).toBe('FORBIDDEN');
    expect((await stage.ask(viewer, DELETE, { id: randomUUID() })).code).toBe('FORBIDDEN');
  });
});
