import type { Keyv } from 'keyv';
import type { Cache } from '#runtime/cache/cache.js';
import type { Role } from './identity.js';

/** The organization and rights of an API key, as the auth subgraph has them. */
export interface ApiKeyIdentity {
  apiKeyId: string;
  organizationId: string;
  role: Role;
  scopes: string[];
  /** RFC 3339. */
  validUntil: string;
}

/**
 * Revoking a key deletes it from the cache at once; only gateways that share no cache with the auth subgraph keep it for
 * this long.
 */
export const API_KEY_IDENTITY_TTL_MS = 10_000;

/** The cache of these identities by the hash of the key: the gateway writes it, the auth subgraph deletes from it. */
export function apiKeyIdentityCache(cache: Cache): Keyv {
  return cache.namespace('api-key-identity');
}
