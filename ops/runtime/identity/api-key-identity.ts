import type { Keyv } from 'keyv';
import type { Cache } from '#runtime/cache/cache.js';
import type { Role } from './identity.js';

/** Whom an API key stands for, as the auth subgraph knows it now. */
export interface ApiKeyIdentity {
  apiKeyId: string;
  organizationId: string;
  /** The strongest role it can act with. */
  role: Role;
  scopes: string[];
  /** When this secret stops working, RFC 3339. */
  validUntil: string;
}

/**
 * How long a gateway goes on believing what it read about a key. Revoking removes it from the cache at once; only gateways
 * that share no cache with the auth subgraph wait this long.
 */
export const API_KEY_IDENTITY_TTL_MS = 10_000;

/** The cache in which gateways keep what they know of keys and the auth subgraph deletes it, by the hash of a key. */
export function apiKeyIdentityCache(cache: Cache): Keyv {
  return cache.namespace('api-key-identity');
}
