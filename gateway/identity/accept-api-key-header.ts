import type { FastifyInstance } from 'fastify';
import { Unauthenticated } from '#runtime/errors.js';

/** The authorization scheme an `X-API-Key` header is passed on as. */
export const API_KEY_SCHEME = 'ApiKey';

/** Accepts `X-API-Key` on every route. Together with `Authorization` it is refused: one would be ignored. */
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
