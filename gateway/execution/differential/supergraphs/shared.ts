/** Fields shared, taken over and hidden; keys that may be null; enums and inputs that subgraphs know in part. */
export const sharedSubgraphs = {
  a: /* GraphQL */ `
    type Query {
      node(id: ID): Node @shareable
      nodes: [Node]
      accountsA(by: Order = ASC): [Account]
      level: Level
      hidden: String @inaccessible
    }

    type Mutation { setLevel(level: Level): Level, moveA(by: Int = 1): Account }

    enum Order { ASC DESC }
    enum Level { LOW MIDDLE HIGH SECRET @inaccessible }

    interface Node { id: ID }

    type Account implements Node @key(fields: "id") {
      id: ID
      name: String @shareable
      email: String
      level: Level
      levels: [Level!]
      profile: Profile @shareable
      score: Int
      secret: String @inaccessible
    }

    type Profile @shareable { bio: String, links: [Link!] }
    type Link @shareable { url: String!, title: String }

    type Group implements Node @key(fields: "id") { id: ID, title: String, accounts: [Account!] }
  `,
  b: /* GraphQL */ `
    type Query {
      node(id: ID): Node @shareable
      accountB(input: Search!): Account
      groups: [Group]
    }

    type Mutation { moveB(by: Int = 2): Account! }

    input Search { text: String!, page: Int = 1, order: Order, inB: String }
    enum Order { ASC DESC }

    interface Node { id: ID }

    type Account implements Node @key(fields: "id") {
      id: ID
      name: String @shareable
      score: Int @override(from: "a")
      groups(first: Int): [Group]
      profile: Profile @shareable
      partner: Account
    }
    type Profile @shareable { bio: String, links: [Link!] }
    type Link @shareable { url: String!, title: String }

    type Group implements Node @key(fields: "id") {
      id: ID
      owner: Account!
      name: String!
      size: Size!
    }
    type Size { count: Int!, limit: Int }
  `,
  c: /* GraphQL */ `
    type Query { search(input: Search!): [Found!]! }
    input Search { text: String!, page: Int = 1, order: Order }
    enum Order { ASC DESC }

    union Found = Account | Group | Page
    type Account @key(fields: "id") {
      id: ID
      score: Int @external
      email: String @external
      rank: Float @requires(fields: "score email")
      trusted: Boolean!
    }
    type Group @key(fields: "id") { id: ID, members: Int!, tags: [String!]! }
    type Page { path: String!, parent: Page, found: [Found] }
  `,
};
