import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse } from 'graphql';
import { cachePolicyOf } from './cache-policy.js';

const schema = buildSchema(`
  directive @cacheControl(
    maxAge: Int
    scope: CacheControlScope
    inheritMaxAge: Boolean
  ) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  enum CacheControlScope { PUBLIC PRIVATE }
  scalar _Any
  union _Entity = Plan | User | Bare

  type Query {
    _entities(representations: [_Any!]!): [_Entity]!
    version: String
    cachedVersion: String @cacheControl(maxAge: 300)
    plan: Plan
    plans: [Plan!]!
    freshPlan: Plan @cacheControl(maxAge: 5)
    longPlan: Plan @cacheControl(maxAge: 600)
    privatePlan: Plan @cacheControl(scope: PRIVATE)
    bare: Bare
    cachedBare: Bare @cacheControl(maxAge: 60)
    me: User
  }
  type Mutation { plan: Plan }
  type Subscription { plan: Plan }
  type Plan @cacheControl(maxAge: 100) {
    id: ID!
    name: String
    price: Int @cacheControl(maxAge: 10)
    stock: Int @cacheControl(maxAge: 0)
    secret: String @cacheControl(scope: PRIVATE)
    motto: String @cacheControl(scope: PUBLIC)
    bare: Bare
    inheriting: Bare @cacheControl(inheritMaxAge: true)
    parent: Plan
  }
  type Bare { id: ID! name: String }
  type User @cacheControl(maxAge: 20, scope: PRIVATE) { id: ID! name: String plan: Plan @cacheControl(maxAge: 50) }
`);

const policyOf = (query: string, operationName?: string) => cachePolicyOf(schema, parse(query), operationName);
const maxAgeOf = (query: string) => policyOf(query).maxAge;

describe('the max age of a response', () => {
  it('is that of the type of a field', () => {
    expect(policyOf('{ plan { name } }')).toEqual({ maxAge: 100, scope: 'PUBLIC' });
    expect(maxAgeOf('{ plans { name } }')).toBe(100);
  });

  it('is that of the field itself, longer or shorter than its type', () => {
    expect(maxAgeOf('{ freshPlan { name } }')).toBe(5);
    expect(maxAgeOf('{ longPlan { name } }')).toBe(600);
    expect(maxAgeOf('{ cachedVersion }')).toBe(300);
  });

  it('is that of the type where the field has only a scope', () => {
    expect(policyOf('{ privatePlan { name } }')).toEqual({ maxAge: 100, scope: 'PRIVATE' });
  });

  it('is 0 for root fields without a hint', () => {
    expect(maxAgeOf('{ version }')).toBe(0);
    expect(maxAgeOf('{ bare { name } }')).toBe(0);
  });

  it('is 0 for fields of objects without a hint', () => {
    expect(maxAgeOf('{ plan { bare { name } } }')).toBe(0);
  });

  it('of scalars is that of their parent', () => {
    expect(maxAgeOf('{ cachedBare { id name } }')).toBe(60);
  });

  it('is inherited by objects with inheritMaxAge', () => {
    expect(maxAgeOf('{ plan { inheriting { name } } }')).toBe(100);
    expect(maxAgeOf('{ freshPlan { inheriting { name } } }')).toBe(5);
  });

  it('is that of the strictest part', () => {
    expect(maxAgeOf('{ plan { name price } }')).toBe(10);
    expect(maxAgeOf('{ plan { name price stock } }')).toBe(0);
    expect(maxAgeOf('{ longPlan { parent { name } } }')).toBe(100);
    expect(maxAgeOf('{ plan { name } version }')).toBe(0);
  });

  it('counts the fields of fragments', () => {
    expect(maxAgeOf('{ plan { ...Price } } fragment Price on Plan { price }')).toBe(10);
    expect(maxAgeOf('{ plan { ... on Plan { price } } }')).toBe(10);
    expect(maxAgeOf('{ ...Root } fragment Root on Query { version }')).toBe(0);
  });

  it('does not count introspection', () => {
    expect(maxAgeOf('{ __typename plan { __typename name } }')).toBe(100);
  });

  it('is 0 for mutations and subscriptions', () => {
    expect(policyOf('mutation { plan { name } }')).toEqual({ maxAge: 0, scope: 'PRIVATE' });
    expect(policyOf('subscription { plan { name } }')).toEqual({ maxAge: 0, scope: 'PRIVATE' });
  });

  it('is that of the operation that runs', () => {
    const document = 'query Long { longPlan { id } } query Fresh { freshPlan { id } }';
    expect(policyOf(document, 'Long').maxAge).toBe(600);
    expect(policyOf(document, 'Fresh').maxAge).toBe(5);
    expect(policyOf(document).maxAge).toBe(0);
    expect(policyOf(document, 'Missing').maxAge).toBe(0);
  });

  it('is that of an alias, too', () => {
    expect(maxAgeOf('{ a: longPlan { id } b: freshPlan { id } }')).toBe(5);
  });
});

describe('the scope of a response', () => {
  it('is private as soon as one part is', () => {
    expect(policyOf('{ plan { name secret } }')).toEqual({ maxAge: 100, scope: 'PRIVATE' });
    expect(policyOf('{ plan { secret motto } }')).toEqual({ maxAge: 100, scope: 'PRIVATE' });
    expect(policyOf('{ me { name } plan { name } }')).toEqual({ maxAge: 20, scope: 'PRIVATE' });
  });

  it('is public when no part is private', () => {
    expect(policyOf('{ plan { name } cachedVersion }').scope).toBe('PUBLIC');
  });
});

describe('entities loaded by key', () => {
  const entities = (selections: string) =>
    policyOf(`query ($r: [_Any!]!) { _entities(representations: $r) { ${selections} } }`);

  it('follow their type', () => {
    expect(entities('... on Plan { name }')).toEqual({ maxAge: 100, scope: 'PUBLIC' });
    expect(entities('... on User { name }')).toEqual({ maxAge: 20, scope: 'PRIVATE' });
  });

  it('are not cached when their type has no hint', () => {
    expect(entities('... on Bare { name }').maxAge).toBe(0);
    expect(entities('... on Plan { name } ... on Bare { name }').maxAge).toBe(0);
  });

  it('are as strict as the strictest of them', () => {
    expect(entities('... on Plan { name } ... on User { name }')).toEqual({ maxAge: 20, scope: 'PRIVATE' });
    expect(entities('... on Plan { price }').maxAge).toBe(10);
  });

  it('follow their type also in a named fragment', () => {
    const query = (fragments: string) => `query ($r: [_Any!]!) { _entities(representations: $r) { ${fragments} } }
      fragment PlanPart on Plan { name } fragment UserPart on User { name } fragment BarePart on Bare { name }`;
    expect(maxAgeOf(query('... on Plan { name } ...BarePart ...PlanPart ...UserPart'))).toBe(0);
    expect(
      policyOf(
        'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Plan { name } ...Part } } fragment Part on User { name }',
      ),
    ).toEqual({ maxAge: 20, scope: 'PRIVATE' });
  });

  it('are not cached when none of their fields is selected', () => {
    expect(entities('__typename').maxAge).toBe(0);
  });
});
