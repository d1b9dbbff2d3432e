import { actingAs, type ServiceContext, type TransactionContext } from '#auth/context.js';
import { RefreshTokenEntity } from '#auth/entities/refresh-token.js';
import { type Session, SessionEntity } from '#auth/entities/session.js';
import { recordAudits } from '#auth/services/audit/record-audits.js';
import { hashToken } from '#auth/services/link/token.js';
import { INSTALLATION } from '#runtime/audit/record-audit.js';
import { ACCESS_TOKEN_AUDIENCE, type AccessTokenClaims } from '#runtime/identity/token-audiences.js';
import { endOldestSessions, sessionEnds } from './end-sessions.js';
import { newRefreshToken, refreshExpiry, SESSION_TTL_MS } from './refresh-token.js';

const ACCESS_TOKEN_TTL_SECONDS = 15 * 60;

export interface SignedIn {
  session: Session;
  /** Older sessions that it ended, for `forgetSessions` after the commit. */
  endedSessions: Session[];
  /** A JWT (HS256). */
  accessToken: string;
  accessTokenExpiresAt: Date;
  refreshToken: string;
  refreshTokenExpiresAt: Date;
}

/** Returns a session's credentials, with a new access token. */
export async function credentialsOf(
  { services }: Pick<ServiceContext, 'services'>,
  { session, refreshToken, endedSessions = [] }: { session: Session; refreshToken: string; endedSessions?: Session[] },
): Promise<SignedIn> {
  const claims: AccessTokenClaims = { sub: session.personId, sid: session.id };
  const signer = services.accessTokenSigner;
  return {
    session,
    endedSessions,
    accessToken: await signer.signClaims({ ...claims }, ACCESS_TOKEN_AUDIENCE, ACCESS_TOKEN_TTL_SECONDS),
    accessTokenExpiresAt: new Date(services.now().getTime() + ACCESS_TOKEN_TTL_SECONDS * 1000),
    refreshToken,
    refreshTokenExpiresAt: session.expiresAt,
  };
}

interface SigningIn {
  personId: string;
  /** null = they belong to none. */
  organizationId: string | null;
  /** The end of the session it begins from; by default it gets one of its own. */
  endsAt?: Date;
}

/** Returns the end of the caller's session, which others that begin from it share. */
export async function ownSessionEnd({ manager, identity }: ServiceContext): Promise<Date | undefined> {
  const { sessionId: id } = identity;
  return id ? (await manager.findOneBy(SessionEntity, { id }))?.endsAt : undefined;
}

/** Sessions of one person at a time, over all organizations. */
const MAX_SESSIONS = 50;

/**
 * Begins a session of a person, in an organization unless they belong to none, and ends the least recently used ones beyond fifty. Call it last in the
 * transaction.
 */
export async function signIn(transaction: TransactionContext, given: SigningIn): Promise<SignedIn> {
  const { personId, organizationId } = given;
  const { services, manager, identity } = transaction;
  const refreshToken = newRefreshToken(transaction);
  const now = services.now();
  const endsAt = given.endsAt ?? new Date(now.getTime() + SESSION_TTL_MS);
  const endedSessions = await endOldestSessions(transaction, { personId, keep: MAX_SESSIONS - 1 });
  const session = await manager.save(SessionEntity, {
    personId,
    organizationId,
    expiresAt: refreshExpiry(now, endsAt),
    endsAt,
    revokedAt: null,
    address: identity.client?.address ?? null,
    userAgent: identity.client?.userAgent ?? null,
    lastSeenAt: now,
  });
  await manager.insert(RefreshTokenEntity, { hash: hashToken(refreshToken), sessionId: session.id });
  await recordAudits(actingAs(transaction, { userId: personId }), [
    ...sessionEnds(endedSessions, 'TOO_MANY_SESSIONS'),
    {
      organizationId: organizationId ?? INSTALLATION,
      action: 'session.started',
      target: { type: 'Session', id: session.id },
    },
  ]);
  return credentialsOf(transaction, { session, refreshToken, endedSessions });
}
