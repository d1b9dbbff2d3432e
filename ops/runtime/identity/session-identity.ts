import type { Keyv } from 'keyv';
import type { Cache } from '#runtime/cache/cache.js';
import type { Role } from './identity.js';

/** Whom a session stands for, as the auth subgraph knows it now. */
export interface SessionIdentity {
  userId: string;
  organizationId: string;
  role: Role;
  /** Whether the organization demands a second factor that the person does not have. */
  mustSetUpTwoFactor: boolean;
}

/**
 * How long a gateway goes on believing what it read about a session. Ending a session removes it from the cache at once;
 * only gateways that share no cache with the auth subgraph wait this long.
 */
export const SESSION_IDENTITY_TTL_MS = 10_000;

/** The cache in which gateways keep session identities and the auth subgraph deletes them, by session id. */
export function sessionIdentityCache(cache: Cache): Keyv {
  return cache.namespace('session-identity');
}
