import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anonymous, type Identity } from '#runtime/identity/identity.js';
import { openStage, type Stage, someone } from './testing/open-stage.js';

const ENTITIES = /* GraphQL */ `
  query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      __typename
      ... on Integration { status }
      ... on Account { name connection { id } }
      ... on Client { name }
      ... on Organization { connections { id } }
    }
  }
`;

const single = (type: string) => `query ($id: ID!) { ${type}(id: $id) { id } }`;

describe('another organization', () => {
  const nora = someone();
  const stranger = someone();
  let stage: Stage;
  let ids: Record<'connection' | 'account' | 'client', string>;

  beforeAll(async () => {
    stage = await openStage();
    const { id, accounts } = await stage.connect(nora, 'meta-ads');
    const create = 'mutation ($ids: [ID!]!) { createClient(name: "Acme", accountIds: $ids) { client { id } } }';
    const { data } = await stage.ask(nora, create, { ids: [accounts[0].id] });
    ids = { connection: id, account: accounts[0].id, client: data.createClient.client.id };
  });
  afterAll(() => stage.close());

  const representations = () => [
    { __typename: 'Integration', id: ids.connection },
    { __typename: 'Account', id: ids.account },
    { __typename: 'Client', id: ids.client },
    { __typename: 'Organization', id: nora.organizationId },
  ];

  it.each(['connection', 'account', 'client'] as const)(
    'meets the same words for a %s as for none at all',
    async (type) => {
      expect((await stage.ask(nora, single(type), { id: ids[type] })).data[type]).toEqual({ id: ids[type] });
      const answers = await Promise.all(
        [ids[type], randomUUID(), 'nonsense', ''].map((id) => stage.ask(stranger, single(type), { id })),
      );
      for (const { data, code, errors } of answers) {
        expect(data[type]).toBeNull();
        expect(code).toBe('NOT_FOUND');
        expect(errors[0].message).toBe(`There is no ${type} with this id.`);
      }
    },
  );

  it('gets null for every entity that is not its own', async () => {
    const own = await stage.ask(nora, ENTITIES, { representations: representations() });
    expect(own.data._entities).toMatchObject([
      { status: 'ACTIVE' },
      { connection: { id: ids.connection } },
      { name: 'Acme' },
      { connections: [{ id: ids.connection }] },
    ]);
    const foreign = await stage.ask(stranger, ENTITIES, { representations: representations() });
    expect(foreign.data._entities).toEqual([null, null, null, null]);
    expect(foreign.errors).toEqual([]);
  });

  it('cannot change anything', async () => {
    const attempts: [string, Record<string, unknown>][] = [
      ['mutation ($id: ID!) { disconnect(connectionId: $id) { connection { id } } }', { id: ids.connection }],
      ['mutation ($id: ID!) { deleteClient(clientId: $id) { clientId } }', { id: ids.client }],
      ['mutation ($id: ID!) { createClient(name: "Mine", accountIds: [$id]) { client { id } } }', { id: ids.account }],
    ];
    for (const [query, variables] of attempts)
      expect((await stage.ask(stranger, query, variables)).code).toBe('NOT_FOUND');
    expect((await stage.ask(nora, ENTITIES, { representations: representations() })).errors).toEqual([]);
  });

  it('has rows of its own for the same provider accounts', async () => {
    const agency = someone();
    const { id, accounts } = await stage.connect(agency, 'meta-ads');
    expect(id).not.toBe(ids.connection);
    expect(accounts.map((account: { id: string }) => account.id)).not.toContain(ids.account);
  });

  it.each<[string, Identity]>([
    ['nobody', anonymous('test')],
    ['a service that acts for nobody', { ...anonymous('test'), kind: 'service' }],
  ])('does not answer %s', async (_who, identity) => {
    for (const query of ['{ providers { id } }', single('account')]) {
      expect((await stage.ask(identity, query, { id: ids.account })).code).toBe('UNAUTHENTICATED');
    }
    const { data } = await stage.ask(identity, ENTITIES, { representations: representations() });
    expect(data?._entities ?? null).toBeNull();
  });

  it('is served when a service acts for it', async () => {
    const job: Identity = { kind: 'service', organizationId: nora.organizationId, scopes: [], requestId: 'test' };
    expect((await stage.ask(job, single('account'), { id: ids.account })).data.account).toEqual({ id: ids.account });
  });
});
