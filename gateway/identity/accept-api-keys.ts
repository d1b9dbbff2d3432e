import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Unauthenticated } from '#runtime/errors.js';
import { looksLikeApiKey } from '#runtime/identity/api-key.js';

/** The authorization scheme an API key is passed on as that came in another way than as a bearer token. */
export const API_KEY_SCHEME = 'ApiKey';

const BASIC = /^Basic +([\w+/=-]+)$/i;
const CREDENTIALS = new Set(['authorization', 'x-api-key']);

/** Counts the headers with credentials: Node.js drops a second `Authorization`, and joins a second `X-API-Key`. */
function countCredentials({ raw: { rawHeaders } }: FastifyRequest): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (CREDENTIALS.has(rawHeaders[index]?.toLowerCase() ?? '')) count += 1;
  }
  return count;
}

/** Returns the API key that is the user of Basic credentials (RFC 7617); undefined for other credentials. */
function keyInBasic(authorization: string): string | undefined {
  const encoded = BASIC.exec(authorization)?.[1];
  if (!encoded) return undefined;
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  if (!looksLikeApiKey(user)) return undefined;
  if (password.join('') === '') return user;
  throw new Unauthenticated('Send the API key as the user, with an empty password.');
}

/**
 * Accepts API keys as `X-API-Key` and as the user of Basic credentials, on every route. Credentials that are sent twice are
 * refused: one of them would be ignored.
 */
export function acceptApiKeys(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    const { headers } = request;
    if (countCredentials(request) > 1) {
      throw new Unauthenticated('Send credentials once: as "Authorization" or as "X-API-Key".');
    }
    const key = headers['x-api-key'] ?? keyInBasic(headers.authorization ?? '');
    if (key !== undefined) headers.authorization = `${API_KEY_SCHEME} ${key}`;
  });
}
