/** Chains of required fields, required fields with arguments, and compound, nested and several keys. */
export const ordersSubgraphs = {
  orders: /* GraphQL */ `
    type Query {
      orders(first: Int = 2, filter: Filter): [Order!]
      order(id: ID!, tenant: TenantInput): Order
    }

    input Filter { states: [State!], since: String, not: Filter, limit: Int = 4 }
    input TenantInput { id: ID! }
    enum State { OPEN PAID SENT }

    type Mutation {
      placeOrder(input: Filter): Order!
      cancelOrder(id: ID!): Order
    }

    type Order @key(fields: "id tenant { id }") @key(fields: "number") {
      id: ID!
      number: Int!
      tenant: Tenant!
      state(at: String): State
      lines: [Line!]!
      address: Address
    }

    type Tenant @key(fields: "id") { id: ID! }

    type Line @key(fields: "order { number } position") {
      order: OrderNumber!
      position: Int!
      item: Item
      quantity: Int!
    }
    type OrderNumber @shareable { number: Int! }

    type Address @shareable { street: String, city: City }
    type City @shareable { name: String, zip: String! }

    type Item @key(fields: "sku") { sku: ID! }
  `,
  items: /* GraphQL */ `
    type Query { item(sku: ID!): Item, items: [Item] }

    type Item @key(fields: "sku") @key(fields: "pair { left right }") {
      sku: ID!
      pair: Pair!
      price(currency: String! = "EUR"): Int
      size(unit: Unit = CM): Size
      weight: Float!
      variants: [Item]
    }
    type Pair @shareable { left: ID!, right: ID! }
    type Size { width: Int!, height: Int }
    enum Unit { CM INCH }
  `,
  taxes: /* GraphQL */ `
    type Item @key(fields: "sku") {
      sku: ID!
      price(currency: String! = "EUR"): Int @external
      weight: Float! @external
      tax: Int @requires(fields: "price(currency: \\"CHF\\")")
      duty: Float @requires(fields: "weight")
      gross: Int @requires(fields: "price(currency: \\"CHF\\") weight")
    }
  `,
  shipping: /* GraphQL */ `
    type Item @key(fields: "sku") {
      sku: ID!
      size(unit: Unit = CM): Size @external
      duty: Float @external
      parcel: Parcel @requires(fields: "size(unit: INCH) { width height } duty")
    }
    type Size @external { width: Int!, height: Int }
    enum Unit { CM INCH }
    type Parcel { price(speed: Int): Int!, carrier: Carrier }
    type Carrier @key(fields: "id") { id: ID!, name: String }

    type Order @key(fields: "number") {
      number: Int!
      address: Address @external
      route: [String!] @requires(fields: "address { street city { name zip } }")
      carriers: [Carrier]
    }
    type Address @external { street: String, city: City }
    type City @external { name: String, zip: String! }
  `,
  tenants: /* GraphQL */ `
    type Query { tenant: Tenant! }
    type Mutation { renameTenant(name: String!): Tenant }
    type Tenant @key(fields: "id") { id: ID!, name: String, orders: [Order] }
    type Order @key(fields: "id tenant { id }") {
      id: ID!
      tenant: Tenant!
      notes(last: Int): [String]
      total: Int
    }
    type Item @key(fields: "pair { left right }") {
      pair: Pair!
      label: String
    }
    type Pair @shareable { left: ID!, right: ID! }
    type Line @key(fields: "order { number } position") {
      order: OrderNumber!
      position: Int!
      margin: Float
    }
    type OrderNumber @shareable { number: Int! }
  `,
};
