import type { GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import type { GatewayContext } from '#gateway/context.js';
import type { CachePolicy } from '#kit/cache-policy.js';

/** Makes the client's whole answer no longer cacheable than this part of it. */
export function restrictCachePolicy(
  options: GraphQLDataSourceProcessOptions<GatewayContext>,
  { maxAge, scope }: CachePolicy,
): void {
  if (!('incomingRequestContext' in options)) return;
  const policy = options.incomingRequestContext.overallCachePolicy;
  policy?.restrict({ maxAge, scope: scope as NonNullable<typeof policy.scope> });
}
