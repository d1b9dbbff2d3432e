import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import type { GatewayContext } from '#gateway/context.js';

export interface SupergraphOptions {
  supergraphSdl: string;
  /** Returns the way to a subgraph; `url` is the address the supergraph gives it. */
  dataSourceFor(name: string, url: string | undefined): GraphQLDataSource<GatewayContext>;
}

/** Returns a gateway that plans operations over a composed supergraph. Loaded by Apollo Server when that starts. */
export function createGateway({ supergraphSdl, dataSourceFor }: SupergraphOptions): ApolloGateway {
  // Read by the gateway when it is constructed: without it, usage figures are sent to a host outside.
  // biome-ignore lint/style/noProcessEnv: the library has no option for it
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  return new ApolloGateway({
    supergraphSdl,
    buildService: ({ name, url }) => dataSourceFor(name, url) as GraphQLDataSource,
    // A client could read the plan, and with it the names and operations of the subgraphs, from an answer.
    __exposeQueryPlanExperimental: false,
    // It is composed, and with that validated, by `npm run schema`; doing it again doubles the time to start.
    validateSupergraph: false,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
}
