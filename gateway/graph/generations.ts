import { randomUUID } from 'node:crypto';
import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '#gateway/context.js';
import type { Cache } from '#runtime/cache/cache.js';

// Longer than any cached answer: an expired generation must not revive one.
const GENERATION_TTL_MS = 24 * 60 * 60 * 1000;

/**
 * Gives each query the generation of the data it reads, which a mutation of its organization ends before it is answered: what was
 * remembered or begun before is of another one. Generations are shared through the cache; those of callers without an organization
 * are of this process. What a query has read is of one generation, and shared by its parts.
 */
export function trackGenerations(cache?: Cache): ApolloServerPlugin<GatewayContext> {
  const generations = cache?.namespace('response-generation');
  let ofOthers = 0;

  const read = async (organizationId: string | undefined) =>
    generations && organizationId ? ((await generations.get<string>(organizationId)) ?? 'first') : `${ofOthers}`;

  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ operation, contextValue }) => {
        if (operation?.operation !== 'query') return;
        contextValue.generation = await read(contextValue.identity.organizationId);
        contextValue.reads = {};
      },
      willSendResponse: async ({ operation, contextValue: { identity } }) => {
        if (operation?.operation !== 'mutation') return;
        ofOthers += 1;
        if (!generations || !identity.organizationId) return;
        await generations.set(identity.organizationId, randomUUID(), GENERATION_TTL_MS);
      },
    }),
  };
}
