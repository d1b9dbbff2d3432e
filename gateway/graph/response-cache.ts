import type { ApolloServerPlugin } from '@apollo/server';
import createResponseCache from '@apollo/server-plugin-response-cache';
import { KeyvAdapter } from '@apollo/utils.keyvadapter';
import type { GatewayContext } from '#gateway/context.js';
import type { Cache } from '#runtime/cache/cache.js';
import type { Identity } from '#runtime/identity/identity.js';
import { trackGenerations } from './generations.js';

function permissionsKey({ kind, role, rights, scopes, mustSetUpTwoFactor, clientIds }: Identity): string {
  if (mustSetUpTwoFactor) return 'nothing before a second factor is set up';
  if (clientIds) return `${role} of ${[...clientIds].sort().join(' ')}`;
  if (rights?.length) return `${role} with ${[...rights].sort().join(' ')}`;
  return kind === 'apiKey' ? `key ${role} ${[...scopes].sort().join(' ')}` : (role ?? kind);
}

/** Returns the key under which identities share private answers; null = they are not cached. */
export function privateCacheKey(identity: Identity): string | null {
  return identity.organizationId ? `${identity.organizationId} ${permissionsKey(identity)}` : null;
}

/** Longer answers are rarely requested twice, and would displace those of all others. */
const MAX_ANSWER_LENGTH = 512 * 1024;

type AnswerCache = Pick<KeyvAdapter<string>, 'get' | 'set' | 'delete'>;

/** Returns a cache that stores no answer longer than 512 Ki characters. */
export function withoutLongAnswers(cache: AnswerCache): AnswerCache {
  return {
    get: (key) => cache.get(key),
    set: async (key, value, options) => {
      if (value.length <= MAX_ANSWER_LENGTH) await cache.set(key, value, options);
    },
    delete: (key) => cache.delete(key),
  };
}

/**
 * Caches answers as `@cacheControl` allows. Private ones are shared within an organization by role, rights, scopes of API keys
 * and the clients a member is limited to; a mutation invalidates those of its organization.
 */
export function responseCachePlugins(cache: Cache): ApolloServerPlugin<GatewayContext>[] {
  const responses = createResponseCache<GatewayContext>({
    // Typed for an older Keyv with the same methods.
    cache: withoutLongAnswers(new KeyvAdapter(cache.namespace('response') as never)),
    sessionId: async ({ contextValue: { identity } }) => privateCacheKey(identity),
    extraCacheKeyData: async ({ contextValue: { identity, generation } }) =>
      identity.organizationId ? generation : 'none',
  });
  return [trackGenerations(cache), responses];
}
