import type { ClientName } from '#gateway/http/client-of.js';
import type { RequestWatch } from '#runtime/http/watch-requests.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Span } from '#runtime/scope/scope.js';

/** Why a subgraph did not answer its part of an operation. */
export type DegradedReason =
  | 'UNREACHABLE'
  | 'TIMEOUT'
  | 'CIRCUIT_OPEN'
  | 'OVERLOADED'
  | 'INVALID_ANSWER'
  | 'SERVICE_UNAVAILABLE';

/** A part of an answer that is missing, as in `extensions.degraded`. */
export interface DegradedPart {
  subgraph: string;
  reason: DegradedReason;
}

/** The context of one operation. */
export interface GatewayContext {
  identity: Identity;
  /** As the client names itself; undefined = it does not. */
  clientName?: ClientName;
  /** What the operation is counted under; undefined with credentials. */
  bucket?: string;
  /** Reads the identity from the database; undefined for operations of the gateway itself. */
  readIdentity?: () => Promise<Identity>;
  /** Returns the identity of an access token of the same client; undefined for operations of the gateway itself. */
  identify?: (accessToken: string) => Promise<Identity>;
  /** Returns the identity of the session that the operation has begun; undefined = it has begun none. */
  signedIn?: () => Promise<Identity>;
  /** The HTTP request; undefined for operations of the gateway itself. */
  watch?: RequestWatch;
  /** Whether the document is one of `schema/operations`. */
  isTrusted?: boolean;
  /** Whether it is a part of such a document, chosen by the client: as new as any other. */
  isPart?: boolean;
  /** The `Idempotency-Key` of the request. */
  idempotencyKey?: string;
  /** Whether the answer is that to an earlier request with the same key. */
  isReplayed?: boolean;
  /** How many stored rows the subgraphs have read for it. */
  rowsRead?: number;
  /**
   * Of the data that a query reads: those of one generation may share the work for their answers. undefined = it shares none, as a
   * mutation and what it reads.
   */
  generation?: string;
  /** What the parts of one query have in common, where subgraphs run in this process: what one of them reads, the others need not. */
  reads?: object;
  /** Whether it is planned only: no subgraph is asked. */
  isWarmUp?: boolean;
  /** The subgraphs that did not answer their part, or not all of it. */
  degraded?: DegradedPart[];
  /** The text of the document that a request was admitted with. */
  admittedDocument?: string;
  /** Parent of the spans of subgraph calls. */
  span?: Span;
}
