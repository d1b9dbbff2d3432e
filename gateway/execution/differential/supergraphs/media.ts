/** Interfaces and unions over several subgraphs, entity interfaces and interface objects. */
export const mediaSubgraphs = {
  catalogue: /* GraphQL */ `
    type Query {
      media(kind: Kind, first: Int = 3): [Media!]!
      oneMedia(id: ID!): Media
      shelf: [Thing]
      anyThing: Thing!
      named: [Named]
    }

    enum Kind { BOOK FILM RADIO_PLAY }

    interface Named { name(upper: Boolean = false): String }

    interface Media @key(fields: "id") {
      id: ID!
      title: String
      kind: Kind!
      creators: [Creator!]
    }

    type Book implements Media & Named @key(fields: "id") {
      id: ID!
      title: String
      kind: Kind!
      creators: [Creator!]
      pages: Int
      name(upper: Boolean = false): String
      sequel: Book
    }

    type Film implements Media & Named @key(fields: "id") {
      id: ID!
      title: String
      kind: Kind!
      creators: [Creator!]
      minutes: Int!
      name(upper: Boolean = false): String
      basedOn: Book
    }

    union Creator = Person | Studio
    union Thing = Book | Film | Person | Box

    type Person implements Named @key(fields: "id") { id: ID!, name(upper: Boolean = false): String }
    type Studio implements Named @key(fields: "id") @key(fields: "code") {
      id: ID!
      code: String!
      name(upper: Boolean = false): String
    }
    type Box { things: [Thing!], label: String! }
  `,
  ratings: /* GraphQL */ `
    type Query { bestRated(limit: Int): [Media] }

    type Media @key(fields: "id") @interfaceObject {
      id: ID!
      score(scale: Float = 1.5): Float!
      comments(first: Int = 2): [Comment!]
      related: [Media]
    }

    type Comment @key(fields: "id") {
      id: ID!
      text: String
      on: Media!
      by: Author
    }

    union Author = Person | Guest
    type Person @key(fields: "id") { id: ID!, comments: [Comment] }
    type Guest { nick: String! }
  `,
  people: /* GraphQL */ `
    type Query { person(id: ID!): Person, people: [Person!] }

    interface Contact { address: String }
    type Mail implements Contact { address: String, isWork: Boolean }
    type Phone implements Contact { address: String, number: Int! }

    type Person @key(fields: "id") {
      id: ID!
      born: Int
      contacts: [Contact]
      works: [Media!]
      friend: Person
    }

    interface Media @key(fields: "id", resolvable: false) { id: ID! }
    type Book implements Media @key(fields: "id", resolvable: false) { id: ID! }
    type Film implements Media @key(fields: "id", resolvable: false) { id: ID! }

    type Studio @key(fields: "code") { code: String!, boss: Person, founded: [[Int!]] }
  `,
  sales: /* GraphQL */ `
    type Book @key(fields: "id") {
      id: ID!
      pages: Int @external
      price(currency: String = "EUR"): Float @requires(fields: "pages")
    }
    type Film @key(fields: "id") {
      id: ID!
      basedOn: Book @external
      profit: Int @requires(fields: "basedOn { id pages }")
    }
    type Guest2 { id: ID }
    type Query { guest2: Guest2 }
  `,
};
