import type { FastifyInstance } from 'fastify';
import { Unauthenticated } from '#runtime/errors.js';

/** How an `X-API-Key` reaches whoever recognises callers: nothing but an API key is taken under this name. */
export const API_KEY_SCHEME = 'ApiKey';

/**
 * Lets clients of every route send an API key as `X-API-Key` as well as in `Authorization`. Both at once are refused: one
 * of them would be ignored.
 */
export function acceptApiKeyHeader(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ headers }) => {
    const key = headers['x-api-key'];
    if (key === undefined) return;
    if (headers.authorization !== undefined) {
      throw new Unauthenticated('Send credentials once: as "Authorization" or as "X-API-Key".');
    }
    headers.authorization = `${API_KEY_SCHEME} ${key}`;
  });
}
