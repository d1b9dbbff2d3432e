import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import type { GatewayContext } from '#gateway/context.js';
import { completeIntrospection, type PlannerSchema } from './complete-introspection.js';

export interface SupergraphOptions {
  supergraphSdl: string;
  /** `url` is the one in the supergraph. */
  dataSourceFor(name: string, url: string | undefined): GraphQLDataSource<GatewayContext>;
}

/** Returns the gateway that plans operations over a composed supergraph. Apollo Server loads it. */
export function createGateway({ supergraphSdl, dataSourceFor }: SupergraphOptions): ApolloGateway {
  // Read by the constructor; otherwise usage figures are sent to Apollo.
  // biome-ignore lint/style/noProcessEnv: the library has no option for it
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name, url }) => dataSourceFor(name, url) as GraphQLDataSource,
    // The plan would reveal subgraphs and their operations.
    __exposeQueryPlanExperimental: false,
    // Validated by `npm run schema`; again, it would double the start time.
    validateSupergraph: false,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => {
    completeIntrospection((gateway as unknown as { apiSchema: PlannerSchema }).apiSchema, apiSchema);
  });
  return gateway;
}
