import type { ApolloServer } from '@apollo/server';
import type { GatewayContext } from '#gateway/context.js';
import { withEnforcedFeatures } from '#gateway/federation/enforced-features.js';
import type { Federation } from '#gateway/federation/open-federation.js';
import { createGateway } from '#gateway/federation/supergraph.js';
import { watchSupergraph } from '#gateway/federation/watch-supergraph.js';
import { refreshIdentity } from '#gateway/identity/refresh-identity.js';
import type { Limits } from '#gateway/limits/open-limits.js';
import type { Documents } from '#gateway/trusted-documents/open-documents.js';
import { unexpectedErrors } from '#runtime/alerts/unexpected-errors.js';
import type { BaseServices } from '#runtime/services.js';
import { readTrustedOperations } from '#schema/trusted-operations.js';
import { schemaFile } from '#schema/type-definitions.js';
import { createApolloServer } from './apollo.js';
import { carryIdempotencyKey } from './idempotency-key.js';
import { responseCachePlugins } from './response-cache.js';
import { planInAdvance } from './warm-up.js';

/** The Apollo Server over the supergraph. */
export interface Graph {
  apollo: ApolloServer<GatewayContext>;
  /** Whether operations are still planned in advance, before the gateway is ready. */
  isWarmingUp(): boolean;
}

/**
 * Starts the Apollo Server that answers operations over the supergraph, and over each later one in its file. Trusted operations are
 * planned in advance: in production before the gateway is ready, else once nothing else `isPreparing`.
 */
export async function openGraph(
  base: BaseServices,
  { supergraphSdl, subgraph }: Federation,
  { cost, readCosts }: Limits,
  { persistedQueries, plugins, texts }: Documents,
  isPreparing: () => boolean = () => false,
): Promise<Graph> {
  const { config, logger, lifecycle, cache } = base;
  const gateway = createGateway({
    supergraphSdl: watchSupergraph(schemaFile('supergraph.graphql'), logger),
    dataSourceFor: subgraph,
  });
  const trusted = [...readTrustedOperations().values()].map(({ text }) => text);
  const plans = planInAdvance(base, [...texts, ...trusted], isPreparing);
  let costsOf = withEnforcedFeatures(supergraphSdl);
  gateway.onSchemaLoadOrUpdate(({ apiSchema, coreSupergraphSdl }) => {
    plans.use(apiSchema);
    if (coreSupergraphSdl !== costsOf) readCosts(coreSupergraphSdl);
    costsOf = coreSupergraphSdl;
  });
  const apollo = createApolloServer({
    gateway,
    logger,
    hasIntrospection: config.traffic.hasIntrospection,
    isLimited: true,
    unexpected: unexpectedErrors(base),
    persistedQueries,
    plugins: [...plugins, refreshIdentity, carryIdempotencyKey, ...responseCachePlugins(cache), cost],
  });
  await apollo.start();
  lifecycle.onClose('Gateway', () => apollo.stop());
  plans.start(apollo);
  return { apollo, isWarmingUp: plans.isPending };
}
