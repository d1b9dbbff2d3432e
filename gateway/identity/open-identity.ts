import type { Federation } from '#gateway/federation/open-federation.js';
import type { BaseServices } from '#runtime/services.js';
import { type Authenticate, createAuthenticate } from './authenticate.js';
import { createOperators, type Operators } from './operator.js';

/** Authentication and operators. */
export interface GatewayIdentity {
  authenticate: Authenticate;
  operators: Operators;
}

/** Opens the authentication of callers and operators. */
export function openIdentity(base: BaseServices, { subgraph }: Federation): GatewayIdentity {
  const authenticate = createAuthenticate(base, subgraph('auth'));
  return { authenticate, operators: createOperators(base, authenticate) };
}
