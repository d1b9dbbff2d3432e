import { composeServices } from '@apollo/composition';
import { type DocumentNode, parse } from 'graphql';
import { subgraphNames, typeDefinitionsOf } from '#schema/type-definitions.js';
import { createStubSubgraph, readKeyFields, type StubSubgraph, stubSchema } from './stub-subgraph.js';
import { mediaSubgraphs } from './supergraphs/media.js';
import { ordersSubgraphs } from './supergraphs/orders.js';
import { sharedSubgraphs } from './supergraphs/shared.js';
import { shopSubgraphs } from './supergraphs/shop.js';
import { treeSubgraphs } from './supergraphs/tree.js';

/** A composed supergraph with subgraphs that answer in this process. */
export interface StubSupergraph {
  name: string;
  /** How many fields an operation may have that Apollo's planner plans in reasonable time. */
  maxFields: number;
  sdl: string;
  subgraphs: ReadonlyMap<string, StubSubgraph>;
}

type TypeDefinitions = Record<string, DocumentNode>;

const LINK = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: [
    "@key" "@requires" "@provides" "@external" "@shareable" "@override" "@inaccessible" "@interfaceObject"
  ])
`;

const linked = (subgraphs: Record<string, string>): TypeDefinitions =>
  Object.fromEntries(Object.entries(subgraphs).map(([name, text]) => [name, parse(LINK + text, { noLocation: true })]));

const definitions = {
  product: () => Object.fromEntries(subgraphNames.map((name) => [name, typeDefinitionsOf(name)])),
  shop: () => linked(shopSubgraphs),
  media: () => linked(mediaSubgraphs),
  orders: () => linked(ordersSubgraphs),
  shared: () => linked(sharedSubgraphs),
  tree: () => linked(treeSubgraphs),
} satisfies Record<string, () => TypeDefinitions>;

export type SupergraphName = keyof typeof definitions;
export const supergraphNames = Object.keys(definitions) as SupergraphName[];

/** Returns the definitions of a supergraph's subgraphs by their names. */
export const definitionsOf = (name: SupergraphName): TypeDefinitions => definitions[name]();

/** Composes one of the supergraphs: the product's own, and five for what federation can do. */
export function composeSupergraph(name: SupergraphName): StubSupergraph {
  const given = Object.entries(definitionsOf(name));
  const { supergraphSdl, errors } = composeServices(
    given.map(([subgraph, typeDefs]) => ({ name: subgraph, url: `http://${subgraph}.invalid`, typeDefs })),
  );
  if (errors) throw new Error(`${name} does not compose:\n${errors.map(({ message }) => message).join('\n')}`);
  const built = given.map(([subgraph, document]) => ({
    subgraph,
    definitions: document,
    schema: stubSchema(document),
  }));
  const keys = readKeyFields(built);
  const stubs = built.map(
    (one) => [one.subgraph, createStubSubgraph(one.subgraph, one.schema, one.definitions, keys)] as const,
  );
  return { name, maxFields: name === 'media' ? 22 : 50, sdl: supergraphSdl, subgraphs: new Map(stubs) };
}
