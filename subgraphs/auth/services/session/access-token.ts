import type { Session } from '#auth/entities/session.js';
import { ACCESS_TOKEN_AUDIENCE, type AccessTokenClaims } from '#runtime/identity/token-audiences.js';
import type { Services } from '#runtime/services.js';

const ACCESS_TOKEN_TTL_SECONDS = 15 * 60;

/** Returns a JWT (HS256) for a session, good for 15 minutes, and when it ends. */
export async function issueAccessToken(
  services: Services,
  session: Session,
): Promise<{ token: string; expiresAt: Date }> {
  const claims: AccessTokenClaims = { sub: session.personId, sid: session.id };
  const token = await services.accessTokenSigner.signClaims(
    { ...claims },
    ACCESS_TOKEN_AUDIENCE,
    ACCESS_TOKEN_TTL_SECONDS,
  );
  return { token, expiresAt: new Date(services.now().getTime() + ACCESS_TOKEN_TTL_SECONDS * 1000) };
}
