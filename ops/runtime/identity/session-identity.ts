import type { Keyv } from 'keyv';
import type { Cache } from '#runtime/cache/cache.js';
import type { Client, Identity, MemberRight, Role } from './identity.js';

/** The user, organization and role of a session, as the auth subgraph has them. */
export interface SessionIdentity {
  userId: string;
  /** null = they belong to none. */
  organizationId: string | null;
  role: Role | null;
  /** What they may do besides. */
  rights: MemberRight[];
  mustSetUpTwoFactor: boolean;
  /** The clients the member is limited to; null = not limited. */
  clientIds: string[] | null;
  /** Whether they are more members than the organization's plan includes, and can only read. */
  isReadOnly: boolean;
}

/**
 * Ending a session deletes it from the cache at once; only gateways that share no cache with the auth subgraph keep it for
 * this long.
 */
export const SESSION_IDENTITY_TTL_MS = 10_000;

/** The cache of these identities by session id: the gateway writes it, the auth subgraph deletes from it. */
export function sessionIdentityCache(cache: Cache): Keyv {
  return cache.namespace('session-identity');
}

interface SessionUse {
  sessionId: string;
  requestId: string;
  client?: Client;
}

/** Returns the identity of a request in a session: the gateway's, and that of the answer which begins the session. */
export function identityOfSession(session: SessionIdentity, { sessionId, requestId, client }: SessionUse): Identity {
  const { userId, organizationId, role, rights, mustSetUpTwoFactor, clientIds, isReadOnly } = session;
  return {
    kind: 'user',
    userId,
    organizationId: organizationId ?? undefined,
    role: role ?? undefined,
    ...(rights.length > 0 && { rights }),
    ...(clientIds && { clientIds }),
    ...(isReadOnly && { isReadOnly }),
    mustSetUpTwoFactor,
    sessionId,
    scopes: [],
    ...(client && { client }),
    requestId,
  };
}
