import type { EntityManager } from 'typeorm';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import { RefreshTokenEntity } from '../entities/refresh-token.js';
import { type Session, SessionEntity } from '../entities/session.js';
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
export async function credentialsOf(runtime: Runtime, session: Session, refreshToken: string): Promise<SignedIn> {
  const { token, expiresAt } = await issueAccessToken(runtime, session);
  return {
    session,
    accessToken: token,
    accessTokenExpiresAt: expiresAt,
    refreshToken,
    refreshTokenExpiresAt: session.expiresAt,
  };
}

/** Begins a session of a person in an organization. */
export async function signIn(
  runtime: Runtime,
  manager: EntityManager,
  who: { personId: string; organizationId: string },
): Promise<SignedIn> {
  const refreshToken = newRefreshToken();
  const session = await manager.save(SessionEntity, {
    ...who,
    expiresAt: new Date(runtime.now().getTime() + REFRESH_TOKEN_TTL_MS),
    revokedAt: null,
  });
  await manager.insert(RefreshTokenEntity, { hash: hashRefreshToken(refreshToken), sessionId: session.id });
  return credentialsOf(runtime, session, refreshToken);
}
