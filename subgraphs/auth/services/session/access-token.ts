import type { Session } from '#auth/entities/session.js';
import { ACCESS_TOKEN_AUDIENCE, type AccessTokenClaims } from '#runtime/identity/access-token.js';
import type { Runtime } from '#runtime/runtime.js';

const ACCESS_TOKEN_TTL_SECONDS = 15 * 60;

/** Returns a JWT (HS256) for a session, good for 15 minutes, and when it ends. */
export async function issueAccessToken(
  runtime: Runtime,
  session: Session,
): Promise<{ token: string; expiresAt: Date }> {
  const claims: AccessTokenClaims = { sub: session.personId, sid: session.id };
  const token = await runtime.accessTokenSigner.signClaims(
    { ...claims },
    ACCESS_TOKEN_AUDIENCE,
    ACCESS_TOKEN_TTL_SECONDS,
  );
  return { token, expiresAt: new Date(runtime.now().getTime() + ACCESS_TOKEN_TTL_SECONDS * 1000) };
}
