import { type GraphQLDataSource, type GraphQLDataSourceProcessOptions, LocalGraphQLDataSource } from '@apollo/gateway';
import type { GraphQLSchema } from 'graphql';
import type { GatewayContext } from '#gateway/context.js';
import type { Identity } from '#runtime/identity/identity.js';

type Options = GraphQLDataSourceProcessOptions<GatewayContext>;

/**
 * Apollo's own data source for a subgraph in this process, in the one way our subgraphs could use it: each call gets a
 * fresh context of the subgraph's, as it does from ours. Parsing, validation and execution are the library's.
 */
export class StockDataSource implements GraphQLDataSource<GatewayContext> {
  readonly #stock: LocalGraphQLDataSource;
  readonly #createContext: (identity: Identity) => object;

  constructor(schema: GraphQLSchema, createContext: (identity: Identity) => object) {
    this.#stock = new LocalGraphQLDataSource(schema);
    this.#createContext = createContext;
  }

  process(options: Options) {
    const context = this.#createContext((options.context as GatewayContext).identity);
    return this.#stock.process({ ...options, context } as Parameters<LocalGraphQLDataSource['process']>[0]);
  }
}
