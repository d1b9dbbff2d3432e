import { decodeJwt } from 'jose';
import { askSubgraph } from '#gateway/federation/ask-subgraph.js';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import { Unauthenticated } from '#runtime/errors.js';
import { looksLikeApiKey } from '#runtime/identity/api-key.js';
import { anonymous, type Identity } from '#runtime/identity/identity.js';
import {
  identityOfSession,
  SESSION_IDENTITY_TTL_MS,
  type SessionIdentity,
  sessionIdentityCache,
} from '#runtime/identity/session-identity.js';
import { ACCESS_TOKEN_AUDIENCE, type AccessTokenClaims, GATEWAY_AUDIENCE } from '#runtime/identity/token-audiences.js';
import { recordOrganization } from '#runtime/scope/request-context.js';
import type { BaseServices } from '#runtime/services.js';
import { subgraphNames } from '#schema/type-definitions.js';
import { API_KEY_SCHEME } from './accept-api-keys.js';
import { createApiKeyIdentity } from './authenticate-api-key.js';
import type { AuthenticateOptions } from './authenticate-options.js';

/** Returns the identity of the credentials. Throws Unauthenticated for invalid ones. */
export type Authenticate = (
  authorization: string | undefined,
  requestId: string,
  options?: AuthenticateOptions,
) => Promise<Identity>;

const SESSION_IDENTITY = /* GraphQL */ `
  query SessionIdentity($sessionId: ID!) {
    sessionIdentity(sessionId: $sessionId) { userId organizationId role rights mustSetUpTwoFactor clientIds isReadOnly }
  }
`;

const SUBGRAPHS = new Set<string>(subgraphNames);

const CREDENTIALS = new RegExp(`^(Bearer|${API_KEY_SCHEME}) ([^\\s]+)$`, 'i');

function audienceOf(token: string): unknown {
  try {
    return decodeJwt(token).aud;
  } catch (cause) {
    throw new Unauthenticated('The access token is not valid.', { cause });
  }
}

/** Returns the identity of a live session, as the auth subgraph has it now; null for an ended one. */
export type ReadSession = (sessionId: string, requestId: string) => Promise<SessionIdentity | null>;

/** Returns the reader of sessions. */
export function createReadSession(auth: SubgraphDataSource): ReadSession {
  return async (sessionId, requestId) => {
    const { sessionIdentity } = await askSubgraph<{ sessionIdentity: SessionIdentity | null }>(
      auth,
      { query: SESSION_IDENTITY, variables: { sessionId } },
      { kind: 'service', scopes: [], requestId },
    );
    return sessionIdentity;
  };
}

/**
 * Returns the authentication of access tokens, API keys and the platform's own tokens. Sessions are cached for seconds, so
 * that role changes and log-outs take effect before the token expires.
 */
export function createAuthenticate(
  base: BaseServices,
  auth: SubgraphDataSource,
  readSession = createReadSession(auth),
): Authenticate {
  const { accessTokenSigner, internalSigner, cache } = base;
  const cached = sessionIdentityCache(cache);
  const apiKeyIdentity = createApiKeyIdentity(base, auth);

  async function sessionIdentity(
    sessionId: string,
    requestId: string,
    { isFresh }: AuthenticateOptions,
  ): Promise<SessionIdentity | null> {
    const hit = isFresh ? undefined : await cached.get<SessionIdentity>(sessionId);
    if (hit) return hit;
    const found = await readSession(sessionId, requestId);
    if (found) await cached.set(sessionId, found, SESSION_IDENTITY_TTL_MS);
    return found;
  }

  const identify: Authenticate = async (authorization, requestId, options = {}) => {
    if (!authorization) return anonymous(requestId);
    const [, scheme, token] = CREDENTIALS.exec(authorization) ?? [];
    if (!token) throw new Unauthenticated('Send credentials as "Authorization: Bearer <token>".');
    if (scheme?.toLowerCase() === API_KEY_SCHEME.toLowerCase() || looksLikeApiKey(token))
      return apiKeyIdentity(token, requestId, options);
    if (audienceOf(token) === GATEWAY_AUDIENCE) {
      const identity = await internalSigner.verifyFrom(SUBGRAPHS, token, GATEWAY_AUDIENCE);
      if (identity.kind !== 'service') throw new Unauthenticated('The token is not valid here.');
      return { ...identity, requestId };
    }
    const { sid, sub } = await accessTokenSigner.verifyClaims<AccessTokenClaims>(token, ACCESS_TOKEN_AUDIENCE);
    if (!sid) throw new Unauthenticated('The access token is not valid.');
    const session = await sessionIdentity(sid, requestId, options);
    if (session?.userId !== sub) throw new Unauthenticated('This session has ended: log in again.');
    return identityOfSession(session, { sessionId: sid, requestId });
  };
  return async (authorization, requestId, options) => {
    const identity = await identify(authorization, requestId, options);
    recordOrganization(identity.organizationId);
    return identity;
  };
}
