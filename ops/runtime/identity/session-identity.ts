import type { Keyv } from 'keyv';
import type { Cache } from '#runtime/cache/cache.js';
import type { Role } from './identity.js';

/** The user, organization and role of a session, as the auth subgraph has them. */
export interface SessionIdentity {
  userId: string;
  organizationId: string;
  role: Role;
  /** Whether the organization demands a second factor that the user does not have. */
  mustSetUpTwoFactor: boolean;
}

/**
 * How long a gateway caches the identity of a session. Ending a session deletes it from the cache at once; only gateways
 * that share no cache with the auth subgraph keep it for this long.
 */
export const SESSION_IDENTITY_TTL_MS = 10_000;

/** The cache of these identities by session id: written by gateways, deleted from by the auth subgraph. */
export function sessionIdentityCache(cache: Cache): Keyv {
  return cache.namespace('session-identity');
}
