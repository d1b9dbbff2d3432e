import type { ApolloServer } from '@apollo/server';
import type { GatewayContext } from '#gateway/context.js';
import type { Federation } from '#gateway/federation/open-federation.js';
import { createGateway } from '#gateway/federation/supergraph.js';
import { refreshIdentity } from '#gateway/identity/refresh-identity.js';
import type { Limits } from '#gateway/limits/open-limits.js';
import type { Documents } from '#gateway/trusted-documents/open-documents.js';
import { unexpectedErrors } from '#runtime/alerts/unexpected-errors.js';
import type { BaseServices } from '#runtime/services.js';
import { createApolloServer } from './apollo.js';
import { carryIdempotencyKey } from './idempotency-key.js';
import { responseCachePlugins } from './response-cache.js';

/** Starts the Apollo Server that answers operations over the supergraph. */
export async function openGraph(
  base: BaseServices,
  { supergraphSdl, subgraph }: Federation,
  { cost }: Limits,
  { persistedQueries, plugins }: Documents,
): Promise<ApolloServer<GatewayContext>> {
  const { config, logger, lifecycle, cache } = base;
  const apollo = createApolloServer({
    gateway: createGateway({ supergraphSdl, dataSourceFor: subgraph }),
    logger,
    hasIntrospection: config.traffic.hasIntrospection,
    isLimited: true,
    unexpected: unexpectedErrors(base),
    persistedQueries,
    plugins: [...plugins, refreshIdentity, carryIdempotencyKey, ...responseCachePlugins(cache), cost],
  });
  await apollo.start();
  lifecycle.onClose('Gateway', () => apollo.stop());
  return apollo;
}
