import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type GraphQLObjectType, graphql, parse } from 'graphql';
import { AppError, NotFound, ServiceUnavailable } from '#runtime/errors.js';
import { apiKeyScopes } from '#runtime/identity/api-key-scopes.js';
import { anonymous, type Identity, type Role } from '#runtime/identity/identity.js';
import { judge } from '#runtime/identity/judge.js';
import {
  anyone,
  applyPermissions,
  atLeast,
  billingManager,
  type Permissions,
  service,
  signedIn,
} from './permission.js';

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { open: Thing own: Thing admin: Thing admins: [Thing!]! internal: Thing unlisted: Thing missing: Thing }
  type Mutation { allowed: Boolean alsoForAdmins: Boolean unlisted: Boolean }
  type Thing @key(fields: "id") { id: ID! name: String secret: String }
  type Secret @key(fields: "id") { id: ID! value: String }
  type Unlisted @key(fields: "id") { id: ID! }
`);

const thing = { __typename: 'Thing', id: '1', name: 'thing', secret: 'secret' };
const nameOf = () => 'thing';
const loaded: string[] = [];
const load = (typename: string) => ({
  __resolveReference: ({ id }: { id: string }) => {
    loaded.push(`${typename}:${id}`);
    return { __typename: typename, id, name: 'thing', secret: 'secret', value: 'secret' };
  },
});

const bare = buildSubgraphSchema({
  typeDefs,
  resolvers: {
    Query: {
      ...Object.fromEntries(['open', 'own', 'admin', 'internal', 'unlisted'].map((field) => [field, () => thing])),
      admins: () => [thing],
      missing: () => {
        throw new NotFound('thing');
      },
    },
    Mutation: { allowed: () => true, alsoForAdmins: () => true, unlisted: () => true },
    Thing: { ...load('Thing'), name: nameOf, secret: () => 'secret' },
    Secret: load('Secret'),
    Unlisted: load('Unlisted'),
  },
});

const permissions: Permissions = {
  Query: {
    open: anyone,
    own: signedIn,
    admin: atLeast('ADMIN'),
    admins: atLeast('ADMIN'),
    internal: service,
    missing: anyone,
  },
  Mutation: { allowed: signedIn, alsoForAdmins: atLeast('ADMIN').alsoReadOnly() },
  entities: { Thing: signedIn, Secret: service },
  fields: { Thing: { secret: atLeast('ADMIN') } },
};

const schema = applyPermissions(bare, permissions);

const nobody = anonymous('request');
const member = (role: Role): Identity => ({ ...nobody, kind: 'user', userId: 'ada', organizationId: 'engines', role });
const scopes = apiKeyScopes.map(({ name }) => name);
const part: Identity = { ...nobody, kind: 'service', organizationId: 'engines' };

/** The access of every organization. */
let access: 'FULL' | 'READ_ONLY' | Error = 'FULL';
const services = {
  entitlements: {
    of: async () => {
      if (access instanceof Error) throw access;
      return { planId: 'free', access, kept: {} };
    },
  },
};

async function ask(source: string, identity: Identity, variableValues?: Record<string, unknown>) {
  const { data, errors = [] } = await graphql({ schema, source, contextValue: { identity, services }, variableValues });
  const codes = errors.map(({ originalError, message }) =>
    originalError instanceof AppError ? originalError.code : message,
  );
  return { data: JSON.parse(JSON.stringify(data ?? null)), codes };
}

const loadEntities = (types: string[], identity: Identity) =>
  ask(
    `query ($r: [_Any!]!) { _entities(representations: $r) {
      __typename ... on Thing { id } ... on Secret { value } ... on Unlisted { id }
    } }`,
    identity,
    { r: types.map((type, index) => ({ __typename: type, id: String(index) })) },
  );

describe('permissions', () => {
  it('deny what no rule allows, to everyone', async () => {
    for (const identity of [nobody, member('OWNER'), part]) {
      expect(await ask('{ unlisted { id } }', identity)).toEqual({ data: { unlisted: null }, codes: ['FORBIDDEN'] });
      expect(await ask('mutation { unlisted }', identity)).toEqual({ data: { unlisted: null }, codes: ['FORBIDDEN'] });
    }
  });

  it('admit anyone where anyone is allowed', async () => {
    expect(await ask('{ open { name } }', nobody)).toEqual({ data: { open: { name: 'thing' } }, codes: [] });
  });

  it('ask those without credentials to sign in', async () => {
    expect((await ask('{ own { id } }', nobody)).codes).toEqual(['UNAUTHENTICATED']);
    expect((await ask('{ admin { id } }', nobody)).codes).toEqual(['UNAUTHENTICATED']);
    expect((await ask('mutation { allowed }', nobody)).codes).toEqual(['UNAUTHENTICATED']);
    expect((await ask('{ own { id } }', member('VIEWER'))).codes).toEqual([]);
  });

  it.each<[Role, string[]]>([
    ['OWNER', []],
    ['ADMIN', []],
    ['ANALYST', ['FORBIDDEN']],
    ['VIEWER', ['FORBIDDEN']],
  ])('give what needs an ADMIN to %s: %j', async (role, codes) => {
    expect((await ask('{ admin { id } }', member(role))).codes).toEqual(codes);
  });

  it.each<[string, Identity, true | string]>([
    ['an owner', member('OWNER'), true],
    ['an ADMIN', member('ADMIN'), 'FORBIDDEN'],
    ['a VIEWER with the right', { ...member('VIEWER'), rights: ['BILLING'] }, true],
    ['a key that claims the right', { ...member('ANALYST'), kind: 'apiKey', rights: ['BILLING'], scopes }, 'FORBIDDEN'],
    ['a member of clients', { ...member('VIEWER'), rights: ['BILLING'], clientIds: [] }, 'FORBIDDEN'],
    ['a user who must set up', { ...member('OWNER'), mustSetUpTwoFactor: true }, 'TWO_FACTOR_SETUP_REQUIRED'],
    ['nobody', nobody, 'UNAUTHENTICATED'],
  ])('give what managers of billing may do to %s', (_who, identity, expected) => {
    const verdict = judge(billingManager.needs, identity);
    expect(verdict === true ? verdict : verdict.code).toBe(expected);
  });

  it('may use one rule in several places', async () => {
    const query = '{ admin { id secret } open { secret } }';
    expect((await ask(query, member('ADMIN'))).codes).toEqual([]);
    expect((await ask(query, member('VIEWER'))).codes).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    expect((await ask('mutation { alsoForAdmins }', member('VIEWER'))).codes).toEqual(['FORBIDDEN']);
    expect(atLeast('ADMIN')).toBe(atLeast('ADMIN'));
  });

  it('refuse users what is for services', async () => {
    expect((await ask('{ internal { id } }', member('OWNER'))).codes).toEqual(['FORBIDDEN']);
    expect((await ask('{ internal { id } }', part)).codes).toEqual([]);
  });

  it('admit no share link anywhere, not even where anyone is admitted', async () => {
    const share = { shareId: 'share', reportId: 'report' };
    const bearer: Identity = { kind: 'share', organizationId: 'o', share, scopes: [], requestId: 'test' };
    for (const query of ['{ open { id } }', '{ own { id } }', '{ admin { id } }', '{ internal { id } }']) {
      expect((await ask(query, bearer)).codes).toEqual(['FORBIDDEN']);
    }
    expect((await ask('mutation { allowed }', { ...bearer, role: 'OWNER' })).codes).toEqual(['FORBIDDEN']);
    expect((await loadEntities(['Thing'], bearer)).codes).toEqual(['FORBIDDEN']);
  });

  it('apply to a listed field of any type', async () => {
    expect(await ask('{ open { name secret } }', member('ANALYST'))).toEqual({
      data: { open: { name: 'thing', secret: null } },
      codes: ['FORBIDDEN'],
    });
    expect((await ask('{ open { secret } }', nobody)).codes).toEqual(['UNAUTHENTICATED']);
  });

  it('pass the errors of resolvers', async () => {
    expect((await ask('{ missing { id } }', nobody)).codes).toEqual(['NOT_FOUND']);
  });

  it('decide for each request anew', async () => {
    expect((await ask('{ own { id } }', member('VIEWER'))).codes).toEqual([]);
    expect((await ask('{ own { id } }', nobody)).codes).toEqual(['UNAUTHENTICATED']);
  });

  it('give the contract of the subgraph only to services', async () => {
    expect((await ask('{ _service { sdl } }', member('OWNER'))).codes).toEqual(['FORBIDDEN']);
    expect((await ask('{ _service { sdl } }', part)).data._service.sdl).toContain('type Thing');
  });

  it('wrap only the fields they decide on', () => {
    const resolverOf = (type: string, field: string, of = schema) =>
      (of.getType(type) as GraphQLObjectType).getFields()[field]?.resolve;
    expect(resolverOf('Thing', 'name')).toBe(nameOf);
    expect(resolverOf('Thing', 'id')).toBe(resolverOf('Thing', 'id', bare));
    expect(resolverOf('Secret', 'value')).toBe(resolverOf('Secret', 'value', bare));
    expect(resolverOf('Thing', 'secret')).not.toBe(resolverOf('Thing', 'secret', bare));
    expect(resolverOf('Query', 'unlisted')).not.toBe(resolverOf('Query', 'unlisted', bare));
  });

  it('cannot be created for a field that does not exist', () => {
    const misspelt = { ...permissions, fields: { Thing: { secrets: anyone } } };
    expect(() => applyPermissions(bare, misspelt)).toThrow();
    expect(() => applyPermissions(bare, { ...permissions, Query: { opne: anyone } })).toThrow();
  });
});

describe('an organization that can only read', () => {
  const key: Identity = { ...member('OWNER'), kind: 'apiKey', apiKeyId: 'key', userId: undefined };
  const guarded = applyPermissions(bare, {
    ...permissions,
    Mutation: { allowed: signedIn.withAnyScope(), alsoForAdmins: atLeast('ADMIN').alsoReadOnly() },
  });
  const codesOf = async (source: string, identity: Identity) => {
    const { errors = [] } = await graphql({ schema: guarded, source, contextValue: { identity, services } });
    return errors.map(({ originalError }) => (originalError as AppError).code);
  };
  beforeEach(() => {
    access = 'READ_ONLY';
  });
  afterAll(() => {
    access = 'FULL';
  });

  it('is refused every mutation that is not open then, for its users and its keys', async () => {
    for (const identity of [member('OWNER'), member('VIEWER'), key]) {
      expect(await codesOf('mutation { allowed }', identity)).toEqual(['SUBSCRIPTION_REQUIRED']);
    }
    expect(await codesOf('mutation { alsoForAdmins }', member('OWNER'))).toEqual([]);
    expect(await codesOf('mutation { a: alsoForAdmins allowed b: alsoForAdmins }', member('OWNER'))).toEqual([
      'SUBSCRIPTION_REQUIRED',
    ]);
  });

  it('reads as ever, and services act for it', async () => {
    expect(await codesOf('{ own { id } admin { id secret } }', member('OWNER'))).toEqual([]);
    expect(await codesOf('mutation { allowed }', part)).toEqual([]);
  });

  it('learns first what its rights refuse, and nothing of it concerns those without an organization', async () => {
    expect(await codesOf('mutation { allowed }', nobody)).toEqual(['UNAUTHENTICATED']);
    expect(await codesOf('mutation { alsoForAdmins }', member('VIEWER'))).toEqual(['FORBIDDEN']);
    const ofNone = { ...member('OWNER'), organizationId: undefined };
    expect(await codesOf('mutation { allowed }', ofNone)).toEqual(['FORBIDDEN']);
  });

  it('changes nothing while it is unknown whether it may, and is not refused for its role', async () => {
    access = new ServiceUnavailable();
    expect(await codesOf('mutation { allowed }', member('OWNER'))).toEqual(['SERVICE_UNAVAILABLE']);
    expect(await codesOf('mutation { alsoForAdmins }', member('OWNER'))).toEqual([]);
  });
});

describe('a member limited to some clients', () => {
  const limited: Identity = { ...member('VIEWER'), clientIds: ['acme'] };
  const guarded = applyPermissions(bare, {
    Query: { open: anyone, own: signedIn.withinClients(), admin: signedIn, admins: atLeast('VIEWER').withinClients() },
    entities: { Thing: signedIn.withinClients(), Secret: signedIn },
    fields: { Thing: { secret: signedIn } },
  });
  const codesOf = async (source: string, identity: Identity, variableValues?: Record<string, unknown>) => {
    const { errors = [] } = await graphql({
      schema: guarded,
      source,
      contextValue: { identity, services },
      variableValues,
    });
    return errors.map(({ originalError }) => (originalError as AppError).code);
  };

  it('is admitted where a rule says so, and where anyone is', async () => {
    for (const source of ['{ open { id } }', '{ own { id name } }', '{ admins { id } }'])
      expect(await codesOf(source, limited)).toEqual([]);
  });

  it('is refused everywhere else, also when limited to no client, and as a service that acts within the limit', async () => {
    const source = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }';
    const r = [{ __typename: 'Secret', id: '1' }];
    const nothing = { ...limited, clientIds: [] };
    for (const identity of [limited, nothing, { ...limited, kind: 'service' as const }]) {
      expect(await codesOf('{ admin { id } }', identity)).toEqual(['FORBIDDEN']);
      expect(await codesOf('{ own { secret } }', identity)).toEqual(['FORBIDDEN']);
      expect(await codesOf(source, identity, { r })).toEqual(['FORBIDDEN']);
    }
    expect(await codesOf('{ admin { id } own { secret } }', member('VIEWER'))).toEqual([]);
  });
});

describe('API keys', () => {
  const guarded = applyPermissions(bare, {
    Query: {
      open: anyone,
      own: signedIn.withScope('read:reports'),
      unlisted: atLeast('ADMIN').orKeyWith('write:webhooks'),
      admin: atLeast('ADMIN', 'read:billing'),
      admins: atLeast('ADMIN'),
      internal: service.withAnyScope(),
      missing: signedIn.withAnyScope(),
    },
    Mutation: { allowed: atLeast('ANALYST', 'write:reports'), alsoForAdmins: signedIn },
    entities: { Thing: signedIn.withScope('read:reports'), Secret: signedIn },
    fields: { Thing: { secret: signedIn.withScope('read:billing') } },
  });
  const key = (scopes: string[], role: Role = 'ANALYST'): Identity => ({
    ...nobody,
    kind: 'apiKey',
    apiKeyId: 'key',
    organizationId: 'engines',
    role,
    scopes,
  });
  const every = apiKeyScopes.map(({ name }) => name);
  async function asked(source: string, identity: Identity, variableValues?: Record<string, unknown>) {
    const { errors = [] } = await graphql({
      schema: guarded,
      source,
      contextValue: { identity, services },
      variableValues,
    });
    return errors.map(({ originalError }) => {
      const { code, requiredScope } = originalError as AppError;
      return requiredScope ? `${code} ${requiredScope}` : code;
    });
  }

  it.each(['{ open { id } }', '{ admins { id } }', '{ internal { id } }', 'mutation { alsoForAdmins }'])(
    'may not do what names no scope, whatever they have: %s',
    async (source) => {
      expect(await asked(source, key(every, 'OWNER'))).toEqual(['FORBIDDEN']);
    },
  );

  it('are admitted by their scopes, and refused with the one they lack', async () => {
    expect(await asked('{ own { id } }', key(['read:reports']))).toEqual([]);
    expect(await asked('{ own { id } }', key(['write:reports']))).toEqual(['FORBIDDEN read:reports']);
    expect(await asked('{ own { id secret } }', key(['read:reports']))).toEqual(['FORBIDDEN read:billing']);
    expect(await asked('{ own { id secret } }', key(['read:reports', 'read:billing']))).toEqual([]);
  });

  it('never have more rights than their role, whatever their scopes', async () => {
    expect(await asked('{ admin { id } }', key(every))).toEqual(['FORBIDDEN']);
    expect(await asked('mutation { allowed }', key(every, 'VIEWER'))).toEqual(['FORBIDDEN']);
    expect(await asked('mutation { allowed }', key(['write:reports']))).toEqual([]);
  });

  it('need no role where a rule says that the scope is enough, as users do', async () => {
    expect(await asked('{ unlisted { id } }', key(['write:webhooks'], 'VIEWER'))).toEqual([]);
    expect(await asked('{ unlisted { id } }', key(['read:webhooks']))).toEqual(['FORBIDDEN write:webhooks']);
    const ofNobody = { ...key(['write:webhooks']), organizationId: undefined };
    expect(await asked('{ unlisted { id } }', ofNobody)).toEqual(['UNAUTHENTICATED']);
    expect(await asked('{ unlisted { id } }', member('ANALYST'))).toEqual(['FORBIDDEN']);
    expect(await asked('{ unlisted { id } }', { ...member('ANALYST'), scopes: ['write:webhooks'] })).toEqual([
      'FORBIDDEN',
    ]);
    expect(await asked('{ unlisted { id } }', member('ADMIN'))).toEqual([]);
  });

  it('are admitted without a scope only where a rule says so', async () => {
    expect(await asked('{ missing { id } }', key([]))).toEqual(['NOT_FOUND']);
  });

  it('need the scope for entities, too', async () => {
    const source = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }';
    const of = (__typename: string) => ({ r: [{ __typename, id: '1' }] });
    expect(await asked(source, key(['read:reports']), of('Thing'))).toEqual([]);
    expect(await asked(source, key(['read:billing']), of('Thing'))).toEqual(['FORBIDDEN read:reports']);
    expect(await asked(source, key(every), of('Secret'))).toEqual(['FORBIDDEN']);
  });

  it('change nothing for users, who need no scopes', async () => {
    expect(await asked('{ own { id secret } admin { id } }', member('ADMIN'))).toEqual([]);
    expect(await asked('{ own { id } }', nobody)).toEqual(['UNAUTHENTICATED']);
  });

  it('share one rule for the same needs', () => {
    expect(atLeast('ADMIN').withScope('read:billing')).toBe(atLeast('ADMIN', 'read:billing'));
    expect(signedIn.withScope('read:billing')).not.toBe(signedIn);
    expect(signedIn.needs).toEqual({ who: 'signedIn' });
  });
});

describe('entities loaded by key', () => {
  it('follow the rule of their type', async () => {
    expect(await loadEntities(['Thing'], member('VIEWER'))).toEqual({
      data: { _entities: [{ __typename: 'Thing', id: '0' }] },
      codes: [],
    });
    expect((await loadEntities(['Thing'], nobody)).codes).toEqual(['UNAUTHENTICATED']);
    expect((await loadEntities(['Secret'], member('OWNER'))).codes).toEqual(['FORBIDDEN']);
    expect((await loadEntities(['Secret'], part)).codes).toEqual([]);
  });

  it('are denied when no rule names their type', async () => {
    expect((await loadEntities(['Unlisted'], part)).codes).toEqual(['FORBIDDEN']);
    expect((await loadEntities(['toString'], part)).codes).not.toEqual([]);
    expect((await loadEntities(['Query'], part)).codes).toEqual(['FORBIDDEN']);
  });

  it('are denied together when one of them is, before any is loaded', async () => {
    loaded.length = 0;
    expect((await loadEntities(['Thing', 'Secret', 'Thing'], member('OWNER'))).codes).toEqual(['FORBIDDEN']);
    expect(loaded).toEqual([]);
  });

  it('are checked once for each type, however many there are', async () => {
    let checks = 0;
    const counting = {
      ...signedIn,
      resolve: (...args: Parameters<typeof signedIn.resolve>) => {
        checks += 1;
        return signedIn.resolve(...args);
      },
    } as typeof signedIn;
    const counted = applyPermissions(bare, { ...permissions, entities: { Thing: counting } });
    const source = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }';
    const r = Array.from({ length: 100 }, (_, id) => ({ __typename: 'Thing', id: String(id) }));
    const { data } = await graphql({
      schema: counted,
      source,
      contextValue: { identity: part },
      variableValues: { r },
    });
    expect(data?._entities).toHaveLength(100);
    expect(checks).toBe(1);
  });

  it('still guard their own fields', async () => {
    const source = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Thing { name secret } } }';
    const r = [{ __typename: 'Thing', id: '1' }];
    expect(await ask(source, member('VIEWER'), { r })).toEqual({
      data: { _entities: [{ name: 'thing', secret: null }] },
      codes: ['FORBIDDEN'],
    });
  });
});
