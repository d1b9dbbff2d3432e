import type { Federation } from '#gateway/federation/open-federation.js';
import { refuseUntilSetUp } from '#runtime/identity/set-up-session.js';
import type { BaseServices } from '#runtime/services.js';
import { type Authenticate, createAuthenticate, createReadSession, type ReadSession } from './authenticate.js';
import { createOperators, type Operators } from './operator.js';

/** Authentication and operators. */
export interface GatewayIdentity {
  /** Throws TWO_FACTOR_SETUP_REQUIRED for a session whose user must set up a second factor first. */
  authenticate: Authenticate;
  /** Admits such sessions, too: for operations, which permission rules refuse one by one. */
  authenticateForSetUp: Authenticate;
  readSession: ReadSession;
  operators: Operators;
}

/** Opens the authentication of callers and operators. */
export function openIdentity(base: BaseServices, { subgraph }: Federation): GatewayIdentity {
  // Throws at the start, not at the first request, without the key of access tokens.
  base.secrets.jwtKeys();
  const auth = subgraph('auth');
  const readSession = createReadSession(auth);
  const authenticateForSetUp = createAuthenticate(base, auth, readSession);
  const authenticate: Authenticate = async (authorization, requestId, options) => {
    const identity = await authenticateForSetUp(authorization, requestId, options);
    const refusal = refuseUntilSetUp(identity);
    if (refusal) throw refusal;
    return identity;
  };
  return { authenticate, authenticateForSetUp, readSession, operators: createOperators(base, authenticate) };
}
