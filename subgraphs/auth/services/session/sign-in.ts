import type { EntityManager } from 'typeorm';
import { RefreshTokenEntity } from '#auth/entities/refresh-token.js';
import { type Session, SessionEntity } from '#auth/entities/session.js';
import { asPerson } from '#auth/services/audit/record-audits.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { issueAccessToken } from './access-token.js';
import { hashRefreshToken, newRefreshToken, REFRESH_TOKEN_TTL_MS } from './refresh-token.js';

/** What a person holds once signed in. */
export interface SignedIn {
  session: Session;
  accessToken: string;
  accessTokenExpiresAt: Date;
  refreshToken: string;
  refreshTokenExpiresAt: Date;
}

/** Returns the credentials of a session whose newest refresh token is `refreshToken`. */
export async function credentialsOf(services: Services, session: Session, refreshToken: string): Promise<SignedIn> {
  const { token, expiresAt } = await issueAccessToken(services, session);
  return {
    session,
    accessToken: token,
    accessTokenExpiresAt: expiresAt,
    refreshToken,
    refreshTokenExpiresAt: session.expiresAt,
  };
}

/** Begins a session of a person in an organization, where the request came from. Call it last in the transaction. */
export async function signIn(
  services: Services,
  manager: EntityManager,
  identity: Identity,
  { personId, organizationId }: { personId: string; organizationId: string },
): Promise<SignedIn> {
  const { client } = identity;
  const refreshToken = newRefreshToken();
  const now = services.now();
  const session = await manager.save(SessionEntity, {
    personId,
    organizationId,
    expiresAt: new Date(now.getTime() + REFRESH_TOKEN_TTL_MS),
    revokedAt: null,
    address: client?.address ?? null,
    userAgent: client?.userAgent ?? null,
    lastSeenAt: now,
  });
  await manager.insert(RefreshTokenEntity, { hash: hashRefreshToken(refreshToken), sessionId: session.id });
  await recordAudit(manager, asPerson(identity, personId), {
    organizationId,
    action: 'session.started',
    target: { type: 'Session', id: session.id },
  });
  return credentialsOf(services, session, refreshToken);
}
