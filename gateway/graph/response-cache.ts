import { randomUUID } from 'node:crypto';
import type { ApolloServerPlugin, GraphQLRequestContext } from '@apollo/server';
import createResponseCache from '@apollo/server-plugin-response-cache';
import { KeyvAdapter } from '@apollo/utils.keyvadapter';
import type { GatewayContext } from '#gateway/context.js';
import type { Cache } from '#runtime/cache/cache.js';
import type { Identity } from '#runtime/identity/identity.js';

// Longer than any answer is remembered, so that a lost generation cannot revive one.
const GENERATION_TTL_MS = 24 * 60 * 60 * 1000;

function isMutation({ operation }: GraphQLRequestContext<GatewayContext>): boolean {
  return operation?.operation === 'mutation';
}

/** What decides which answers are open to an identity: its role, and for a key its scopes. */
function mayWhat({ kind, role, scopes, mustSetUpTwoFactor }: Identity): string {
  if (mustSetUpTwoFactor) return 'nothing before a second factor is set up';
  return kind === 'apiKey' ? `key ${role} ${[...scopes].sort().join(' ')}` : (role ?? kind);
}

/** Returns what everybody has in common who is given the same private answers; null = there are none for them. */
export function whoShares(identity: Identity): string | null {
  return identity.organizationId ? `${identity.organizationId} ${mayWhat(identity)}` : null;
}

/**
 * Remembers whole answers as long as every part of them allows (`@cacheControl`). Private ones are shared by people of
 * one organization in one role (API keys: with the same scopes), never further; a mutation makes its organization forget all of its own at once.
 */
export function responseCachePlugins(cache: Cache): ApolloServerPlugin<GatewayContext>[] {
  const generations = cache.namespace('response-generation');
  const generationOf = async (organizationId: string | undefined) =>
    organizationId ? ((await generations.get<string>(organizationId)) ?? 'first') : 'none';

  const forgetting: ApolloServerPlugin<GatewayContext> = {
    requestDidStart: async () => ({
      willSendResponse: async (context) => {
        const { organizationId } = context.contextValue.identity;
        if (organizationId && isMutation(context)) {
          await generations.set(organizationId, randomUUID(), GENERATION_TTL_MS);
        }
      },
    }),
  };

  const remembering = createResponseCache<GatewayContext>({
    // The adapter is typed for an older Keyv; the calls it makes are the same.
    cache: new KeyvAdapter(cache.namespace('response') as never),
    sessionId: async ({ contextValue: { identity } }) => whoShares(identity),
    extraCacheKeyData: async ({ contextValue: { identity } }) => generationOf(identity.organizationId),
  });
  return [forgetting, remembering];
}
