import { askSubgraph } from '#gateway/federation/ask-subgraph.js';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import { Unauthenticated } from '#runtime/errors.js';
import { hashApiKey, isWellFormedApiKey } from '#runtime/identity/api-key.js';
import {
  API_KEY_IDENTITY_TTL_MS,
  type ApiKeyIdentity,
  apiKeyIdentityCache,
} from '#runtime/identity/api-key-identity.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { BaseServices } from '#runtime/services.js';
import type { AuthenticateOptions } from './authenticate-options.js';

const API_KEY_IDENTITY = /* GraphQL */ `
  query ApiKeyIdentity($hash: ID!) {
    apiKeyIdentity(hash: $hash) { apiKeyId organizationId role scopes validUntil }
  }
`;

/** The same for an unknown and an ended key. */
const REFUSAL =
  'This API key does not work: it may have expired, been rotated or revoked. An administrator of the organization can create another.';

/**
 * Returns the authentication of API keys. The auth subgraph is asked by hash, and its answer cached for seconds: a
 * revoked key ends at once with a shared cache, else within seconds.
 */
export function createApiKeyIdentity(
  { cache, now }: BaseServices,
  auth: SubgraphDataSource,
): (key: string, requestId: string, options: AuthenticateOptions) => Promise<Identity> {
  const cached = apiKeyIdentityCache(cache);

  async function find(
    hash: string,
    requestId: string,
    { isFresh }: AuthenticateOptions,
  ): Promise<ApiKeyIdentity | null> {
    const hit = isFresh ? undefined : await cached.get<ApiKeyIdentity>(hash);
    if (hit) return hit;
    const { apiKeyIdentity: found } = await askSubgraph<{ apiKeyIdentity: ApiKeyIdentity | null }>(
      auth,
      { query: API_KEY_IDENTITY, variables: { hash } },
      { kind: 'service', scopes: [], requestId },
    );
    if (found) await cached.set(hash, found, API_KEY_IDENTITY_TTL_MS);
    return found;
  }

  return async (key, requestId, options) => {
    if (!isWellFormedApiKey(key)) {
      throw new Unauthenticated('This is not a whole API key: copy it again, from wm_ to its last character.');
    }
    const found = await find(hashApiKey(key), requestId, options);
    if (!found || new Date(found.validUntil) <= now()) throw new Unauthenticated(REFUSAL);
    const { apiKeyId, organizationId, role, scopes } = found;
    return { kind: 'apiKey', apiKeyId, organizationId, role, scopes, requestId };
  };
}
