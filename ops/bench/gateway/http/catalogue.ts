import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLSchema } from 'graphql';
import { composeSupergraph, definitionsOf } from '#gateway/execution/differential/supergraphs.js';

// Users, products, stock and reviews in the proportions of the public benchmark of federation gateways: the same few entities at many
// places, and an answer of some 87 kB (https://github.com/graphql-hive/graphql-gateways-benchmark).

const SUPERGRAPH = 'shop';

/** Differs from request to request by its visitor only. */
export const CATALOGUE = /* GraphQL */ `
  query Catalogue($visitor: ID!) {
    visitor: user(id: $visitor) { id name }
    users {
      ...User
      reviews {
        ...Review
        product {
          ...Product
          reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } }
        }
      }
    }
    topProducts {
      ...Product
      reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } }
    }
  }
  fragment User on User { id username name }
  fragment Review on Review { id body }
  fragment Product on Product { inStock name price shippingEstimate upc weight }
`;

type Resolvers = Extract<Parameters<typeof buildSubgraphSchema>[0], { resolvers?: unknown }>['resolvers'];

interface Product {
  upc: string;
  price?: number;
  weight?: number;
}

const USERS = 6;
const PRODUCTS = 9;
const REVIEWS_OF_AN_AUTHOR = 2;
/** Of each review: the product, and how long it is. */
const REVIEWS: readonly [upc: string, characters: number][] = [
  ...(['1', '2'] as const).flatMap((upc) => [446, 289, 273, 145].map((length): [string, number] => [upc, length])),
  ['3', 145],
  ['4', 145],
  ['4', 851],
];
const FREE_FROM_PRICE = 1_000;

const WORDS = 'This is what a customer wrote about a thing that was bought here, and it goes on for a while. ';
const textOf = (characters: number) => WORDS.repeat(Math.ceil(characters / WORDS.length)).slice(0, characters);

const userOf = (id: string) => ({ id, name: `User ${id}`, username: `user-${id}`, birthday: 1_000_000_000 });
const productOf = (upc: string) => ({
  upc,
  name: `Product ${upc}`,
  price: Number(upc) * 300,
  weight: Number(upc) * 100,
});
const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));
const reviews = REVIEWS.map(([upc, characters], index) => ({
  id: String(index + 1),
  body: textOf(characters),
  product: { upc },
  author: { id: '1', username: userOf('1').username },
}));

const resolvers: Record<string, Resolvers> = {
  accounts: {
    Query: {
      user: (_root: unknown, { id }: { id: string }) => userOf(id),
      users: () => numbers(USERS).map(userOf),
    },
    User: { __resolveReference: ({ id }: { id: string }) => userOf(id) },
  },
  inventory: {
    Product: {
      __resolveReference: (product: Product) => ({ ...product, inStock: Number(product.upc) % 2 === 1 }),
      shippingEstimate: ({ price = 0, weight = 0 }: Product) => (price > FREE_FROM_PRICE ? 0 : weight / 2),
    },
  },
  products: {
    Query: {
      topProducts: (_root: unknown, { first }: { first: number }) => numbers(PRODUCTS).slice(0, first).map(productOf),
    },
    Product: { __resolveReference: ({ upc }: Product) => productOf(upc) },
  },
  reviews: {
    Product: {
      __resolveReference: ({ upc }: Product) => ({ upc }),
      reviews: ({ upc }: Product) => reviews.filter(({ product }) => product.upc === upc),
    },
    User: {
      __resolveReference: ({ id }: { id: string }) => ({ id, username: userOf(id).username }),
      reviews: () => reviews.slice(0, REVIEWS_OF_AN_AUTHOR),
    },
    Review: { __resolveReference: ({ id }: { id: string }) => reviews.find((review) => review.id === id) },
  },
};

/** Returns the schema of each subgraph, with resolvers that answer from memory. */
export function catalogueSchemas(): [name: string, schema: GraphQLSchema][] {
  return Object.entries(definitionsOf(SUPERGRAPH)).map(([name, typeDefs]) => [
    name,
    buildSubgraphSchema({ typeDefs, resolvers: resolvers[name] }),
  ]);
}

/** Returns the supergraph of subgraphs at these addresses. */
export function catalogueSupergraph(urlOf: (subgraph: string) => string): string {
  return composeSupergraph(SUPERGRAPH).sdl.replaceAll(/http:\/\/(\w+)\.invalid/g, (_match, name) => urlOf(name));
}
