import { ApolloGateway, type GraphQLDataSource, type SupergraphSdlHook } from '@apollo/gateway';
import type { GatewayContext } from '#gateway/context.js';
import { createExecutionGateway, type GatewayInterface } from '#gateway/execution/execution-gateway.js';
import { completeIntrospection, type PlannerSchema } from './complete-introspection.js';
import { enforcingFeatures, withEnforcedFeatures } from './enforced-features.js';

export interface SupergraphOptions {
  /** The supergraph, or what gives it and each later one. */
  supergraphSdl: string | SupergraphSdlHook;
  /** `url` is the one in the supergraph. */
  dataSourceFor(name: string, url: string | undefined): GraphQLDataSource<GatewayContext>;
}

/** Returns Apollo's own gateway over a composed supergraph, with its executor. */
export function createApolloGateway({ supergraphSdl, dataSourceFor }: SupergraphOptions): ApolloGateway {
  // Read by the constructor; otherwise usage figures are sent to Apollo.
  // biome-ignore lint/style/noProcessEnv: the library has no option for it
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  const gateway = new ApolloGateway({
    ...(typeof supergraphSdl === 'string'
      ? { supergraphSdl: withEnforcedFeatures(supergraphSdl) }
      : { supergraphSdl: enforcingFeatures(supergraphSdl) }),
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

/** Returns the gateway that answers operations over a composed supergraph. Apollo Server loads it. */
export function createGateway({ supergraphSdl, dataSourceFor }: SupergraphOptions): GatewayInterface {
  const dataSources = new Map<string, GraphQLDataSource<GatewayContext>>();
  const dataSourceOnce = (name: string, url: string | undefined) => {
    const key = `${name} ${url}`;
    const dataSource = dataSources.get(key) ?? dataSourceFor(name, url);
    dataSources.set(key, dataSource);
    return dataSource;
  };
  return createExecutionGateway({
    gateway: createApolloGateway({ supergraphSdl, dataSourceFor: dataSourceOnce }),
    buildService: ({ name, url }) => dataSourceOnce(name, url) as GraphQLDataSource,
  });
}
