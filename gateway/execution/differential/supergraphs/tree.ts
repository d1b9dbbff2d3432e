/** Provided fields on objects, interfaces and unions; circular references; mutations of several subgraphs. */
export const treeSubgraphs = {
  roots: /* GraphQL */ `
    type Query {
      root: Branch
      leaves(first: Int): [Leaf!]
      pick: Pick @provides(fields: "... on Leaf { colour } ... on Branch { bark }")
      grower: Grower @provides(fields: "... on Branch { bark }")
      deep: [[Branch]]
    }
    type Mutation { plant(depth: Int! = 1): Branch, water: Int! }

    union Pick = Leaf | Branch
    interface Grower { id: ID! }

    type Branch implements Grower @key(fields: "id") {
      id: ID!
      bark: String @external
      children: [Branch]
      leaves: [Leaf!] @provides(fields: "colour owner { name }")
      parent: Branch
    }
    type Leaf implements Grower @key(fields: "id") {
      id: ID!
      colour: String @external
      owner: Gardener @external
      branch: Branch!
    }
    type Gardener @key(fields: "id") { id: ID!, name: String @external }
  `,
  looks: /* GraphQL */ `
    type Query { gardeners: [Gardener!] }
    type Mutation { paint(colour: String): Leaf }

    type Branch @key(fields: "id") {
      id: ID!
      bark: String @shareable
      length: Float
      fruit: [Fruit]
    }
    type Leaf @key(fields: "id") {
      id: ID!
      colour: String @shareable
      owner: Gardener @shareable
      size(unit: String): Int!
    }
    type Gardener @key(fields: "id") {
      id: ID!
      name: String @shareable
      favourite: Favourite
    }
    union Favourite = Leaf | Branch | Apple | Pear
    interface Fruit { weight: Int, from: Branch }
    type Apple implements Fruit { weight: Int, from: Branch, sort: String! }
    type Pear implements Fruit { weight: Int, from: Branch, isRipe: Boolean }
  `,
  care: /* GraphQL */ `
    type Mutation { prune(ids: [ID!]!): [Branch!], hire(name: String = "Ada"): Gardener! }

    type Branch @key(fields: "id") {
      id: ID!
      length: Float @external
      gardener: Gardener
      cuts: [Cut!] @requires(fields: "length")
      age: Int!
    }
    type Cut { at: Float!, by: Gardener, next: Cut }
    type Gardener @key(fields: "id") { id: ID!, branches(first: Int = 2): [Branch!]!, boss: Gardener }
    type Leaf @key(fields: "id") { id: ID!, eatenBy: [String] }
  `,
};
