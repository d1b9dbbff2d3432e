import type { Identity } from '../ops/runtime/identity.js';

/** What one request to the gateway carries. */
export interface GatewayContext {
  identity: Identity;
}
