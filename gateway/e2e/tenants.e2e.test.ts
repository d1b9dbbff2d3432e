import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { subgraphNames, typeDefinitionsOf } from '#schema/type-definitions.js';
import { api, describeTenants, idArguments, keyOf } from './describe-tenants.js';
import { entityTypesIn, idArgumentsIn } from './schema-walk.js';

describe('the tables of this test', () => {
  it('name every argument of the API that takes an id', () => {
    expect(idArgumentsIn(api).sort()).toEqual(Object.keys(idArguments).sort());
  });

  it('name every entity', () => {
    const types = subgraphNames.flatMap((name) => entityTypesIn(typeDefinitionsOf(name)));
    expect([...new Set(types)].sort()).toEqual(Object.keys(keyOf).sort());
  });

  it('would miss none: not in a list, an input object, or far from the root', () => {
    const made = buildSchema(/* GraphQL */ `
      type Query { things(filter: Filter, first: Int): [Thing!]! node: Node }
      type Mutation { change(id: ID!, to: [[Change!]!]!): Thing }
      input Filter { ids: [ID!] nested: Filter name: String }
      input Change { of: Inner! }
      input Inner { thingId: ID! }
      interface Node { part(id: ID): String }
      type Thing implements Node { part(id: ID): String deep: Deep }
      type Deep { found(by: ID = "x"): Thing }
      type Unreachable { never(id: ID): String }
    `);
    expect(idArgumentsIn(made).sort()).toEqual([
      'Deep.found(by)',
      'Mutation.change(id)',
      'Mutation.change(to.of.thingId)',
      'Node.part(id)',
      'Query.things(filter.ids)',
      'Thing.part(id)',
    ]);
  });
});

describeTenants('in-process');
