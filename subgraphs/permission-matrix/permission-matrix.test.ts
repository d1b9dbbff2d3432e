import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { anyone, atLeast, type Permissions, service, signedIn } from '#kit/permission.js';
import { type Column, permissionMatrix } from './permission-matrix.js';
import type { PermissionPart } from './permission-walk.js';
import { printPermissions } from './print-permissions.js';

const part = (name: string, typeDefinitions: string, permissions: Permissions): PermissionPart => ({
  name,
  typeDefinitions: parse(typeDefinitions),
  permissions,
});

const shop = part(
  'shop',
  /* GraphQL */ `
    type Query {
      offers: [Offer!]!
      order(id: ID!): Order
      internal: Hidden @inaccessible
    }
    type Mutation {
      enter: Session
      close(orderId: ID!): Order
    }
    type Hidden @inaccessible {
      secret: String
    }
    type Session {
      token: String!
      order: Order
    }
    type Offer {
      title: String!
    }
    type Order @key(fields: "id") {
      id: ID!
      note: String
      buyer: Buyer!
    }
    type Buyer @key(fields: "id", resolvable: false) {
      id: ID!
    }
  `,
  {
    Query: { offers: anyone.withAnyScope(), order: signedIn.withScope('read:reports'), internal: service },
    Mutation: { enter: anyone, close: atLeast('ADMIN') },
    entities: { Order: signedIn.withScope('read:reports') },
    fields: { Order: { note: atLeast('ANALYST', 'read:billing') } },
  },
);
const people = part(
  'people',
  /* GraphQL */ `
    type Query {
      me: Buyer
    }
    type Buyer @key(fields: "id") {
      id: ID!
      address: String!
    }
    type Order @key(fields: "id") {
      id: ID! @external
      courier: String
    }
  `,
  {
    Query: { me: signedIn },
    entities: { Buyer: signedIn.withScope('read:organization'), Order: atLeast('ANALYST') },
  },
);

const rows = permissionMatrix([shop, people]);
const row = (name: string) => {
  const found = rows.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`${name} has no row`);
  return found;
};
const verdicts = (name: string, ...of: Column[]) => of.map((column) => row(name).verdicts[column]);

describe('the matrix of permissions', () => {
  it('has each field of the API once', () => {
    const names = rows.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['Query.me', 'Buyer.address', 'Order.courier', 'Session.token']));
    expect(names.filter((name) => /internal|Hidden/.test(name))).toEqual([]);
  });

  it('opens fields as far as the path to them', () => {
    expect(verdicts('Offer.title', 'anonymous', 'VIEWER', 'key without', 'another organization')).toEqual([
      'yes',
      'yes',
      'yes',
      'yes',
    ]);
    expect(verdicts('Order.id', 'anonymous', 'VIEWER', 'key without', 'key with')).toEqual([
      'UNAUTHENTICATED',
      'yes',
      'FORBIDDEN',
      'yes',
    ]);
    expect(row('Order.id').scopes).toEqual(['read:reports']);
  });

  it('applies the rule of a field in addition to those of the path', () => {
    expect(verdicts('Order.note', 'anonymous', 'VIEWER', 'ANALYST', 'key without', 'key with')).toEqual([
      'UNAUTHENTICATED',
      'FORBIDDEN',
      'yes',
      'FORBIDDEN',
      'yes',
    ]);
    expect(row('Order.note')).toMatchObject({ scopes: ['read:reports', 'read:billing'], needsMore: true });
  });

  it('applies the rule of an entity where another subgraph has the field', () => {
    expect(verdicts('Order.courier', 'VIEWER', 'ANALYST', 'key with')).toEqual(['FORBIDDEN', 'yes', 'FORBIDDEN']);
    expect(row('Buyer.address')).toMatchObject({ scopes: ['read:organization', 'read:reports'], needsMore: true });
    expect(verdicts('Buyer.id', 'key with')).toEqual(['yes']);
  });

  it('does not count a user whom a mutation has signed in as anonymous', () => {
    expect(verdicts('Session.token', 'anonymous', 'key with')).toEqual(['yes', 'FORBIDDEN']);
    expect(verdicts('Order.id', 'anonymous')).toEqual(['UNAUTHENTICATED']);
  });

  it('gives another organization its own data, and nothing by an id', () => {
    expect(verdicts('Query.me', 'another organization')).toEqual(['own']);
    expect(verdicts('Query.order', 'another organization')).toEqual(['NOT_FOUND']);
    expect(verdicts('Order.id', 'another organization')).toEqual(['NOT_FOUND']);
    expect(verdicts('Mutation.close', 'another organization', 'ANALYST')).toEqual(['NOT_FOUND', 'FORBIDDEN']);
  });

  it('changes with a rule', () => {
    const open = { ...shop, permissions: { ...shop.permissions, fields: {} } };
    const note = permissionMatrix([open, people]).find(({ name }) => name === 'Order.note');
    expect(note?.verdicts.VIEWER).toBe('yes');
    expect(printPermissions(permissionMatrix([open, people]), [open, people])).not.toBe(
      printPermissions(rows, [shop, people]),
    );
  });

  it('is printed with the fields that are not in the API', () => {
    const text = printPermissions(rows, [shop, people]);
    expect(text).toContain('| note | path + ');
    expect(text).toContain('- `Query.internal` of shop');
  });

  it('refuses interfaces', () => {
    expect(() => permissionMatrix([part('odd', 'interface Node { id: ID! }', { Query: {}, entities: {} })])).toThrow(
      /permission-walk/,
    );
  });
});
