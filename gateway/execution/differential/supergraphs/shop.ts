/** Accounts, products, stock and reviews: entities with one key, and fields computed from those of others. */
export const shopSubgraphs = {
  accounts: /* GraphQL */ `
    type Query {
      me: User
      user(id: ID!): User
      users(first: Int): [User]
    }

    type User @key(fields: "id") {
      id: ID!
      name: String
      username: String @shareable
      birthday: Int
    }
  `,
  inventory: /* GraphQL */ `
    type Product @key(fields: "upc") {
      upc: String!
      weight: Int @external
      price: Int @external
      inStock: Boolean
      shippingEstimate: Int @requires(fields: "price weight")
    }
  `,
  products: /* GraphQL */ `
    type Query {
      topProducts(first: Int = 5): [Product]
      product(upc: String!): Product!
    }

    type Product @key(fields: "upc") {
      upc: String!
      name: String
      price: Int
      weight: Int
    }
  `,
  reviews: /* GraphQL */ `
    type Query {
      latestReviews(first: Int! = 3): [Review!]!
    }

    type Mutation {
      addReview(input: ReviewInput!): Review
      removeReview(id: ID!): Boolean!
    }

    input ReviewInput {
      upc: String!
      body: String = "none"
      stars: [Int!]
      within: ReviewInput
    }

    type Review @key(fields: "id") {
      id: ID!
      body: String
      author: User @provides(fields: "username")
      product: Product
    }

    type User @key(fields: "id") {
      id: ID!
      username: String @external
      reviews: [Review]
    }

    type Product @key(fields: "upc") {
      upc: String!
      reviews(first: Int): [Review]
    }
  `,
};
