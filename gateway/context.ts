import type { RequestWatch } from '#runtime/http/watch-requests.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Span } from '#runtime/scope/scope.js';

/** What one request to the gateway carries. */
export interface GatewayContext {
  identity: Identity;
  /** The HTTP request it came in; undefined for what the gateway asks itself. */
  watch?: RequestWatch;
  /** The operation in the trace, which calls to subgraphs are parts of. */
  span?: Span;
}
