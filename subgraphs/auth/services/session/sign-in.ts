import { actingAs, type ServiceContext, type TransactionContext } from '#auth/context.js';
import { RefreshTokenEntity } from '#auth/entities/refresh-token.js';
import { type Session, SessionEntity } from '#auth/entities/session.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { hashToken } from '#auth/services/link/token.js';
import { ACCESS_TOKEN_AUDIENCE, type AccessTokenClaims } from '#runtime/identity/token-audiences.js';
import { newRefreshToken, refreshExpiry, SESSION_TTL_MS } from './refresh-token.js';

const ACCESS_TOKEN_TTL_SECONDS = 15 * 60;

export interface SignedIn {
  session: Session;
  /** A JWT (HS256). */
  accessToken: string;
  accessTokenExpiresAt: Date;
  refreshToken: string;
  refreshTokenExpiresAt: Date;
}

/** Returns a session's credentials, with a new access token. */
export async function credentialsOf(
  { services }: Pick<ServiceContext, 'services'>,
  { session, refreshToken }: { session: Session; refreshToken: string },
): Promise<SignedIn> {
  const claims: AccessTokenClaims = { sub: session.personId, sid: session.id };
  const signer = services.accessTokenSigner;
  return {
    session,
    accessToken: await signer.signClaims({ ...claims }, ACCESS_TOKEN_AUDIENCE, ACCESS_TOKEN_TTL_SECONDS),
    accessTokenExpiresAt: new Date(services.now().getTime() + ACCESS_TOKEN_TTL_SECONDS * 1000),
    refreshToken,
    refreshTokenExpiresAt: session.expiresAt,
  };
}

interface SigningIn {
  personId: string;
  organizationId: string;
  /** The end of the session it begins from; by default it gets one of its own. */
  endsAt?: Date;
}

/** Returns the end of the caller's session, which others that begin from it share. */
export async function ownSessionEnd({ manager, identity }: ServiceContext): Promise<Date | undefined> {
  const { sessionId: id } = identity;
  return id ? (await manager.findOneBy(SessionEntity, { id }))?.endsAt : undefined;
}

/** Begins a session of a person in an organization. Call it last in the transaction. */
export async function signIn(transaction: TransactionContext, given: SigningIn): Promise<SignedIn> {
  const { personId, organizationId } = given;
  const { services, manager, identity } = transaction;
  const refreshToken = newRefreshToken();
  const now = services.now();
  const endsAt = given.endsAt ?? new Date(now.getTime() + SESSION_TTL_MS);
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
  await audit(actingAs(transaction, { userId: personId }), {
    organizationId,
    action: 'session.started',
    target: { type: 'Session', id: session.id },
  });
  return credentialsOf(transaction, { session, refreshToken });
}
