import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from '@opentelemetry/api';

export type { Span };

/** On whose behalf something happens: on every log line, and passed on to subgraphs, providers and jobs. */
export interface RequestContext {
  requestId: string;
  organizationId?: string;
  /** The parent span of what it causes, as W3C's `traceparent`; undefined when tracing is off. */
  traceparent?: string;
}

/** The connection that a question to a provider is charged to. */
export interface Customer {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly isProbing?: boolean;
}

/** An effect that is recorded by each transaction that has a part in it. */
export interface RecordedEffect {
  /** Runs last in the transaction. Throws to roll it back. */
  record(transaction: { query(statement: string, values?: unknown[]): Promise<unknown> }): Promise<void>;
}

/** The async context of the work that is running. */
export interface Scope {
  readonly request?: RequestContext;
  /** undefined = tracing is off. */
  readonly span?: Span;
  /** undefined = interactive. */
  readonly priority?: 'background';
  /** undefined = charged to no connection. */
  readonly customer?: Customer;
  /** undefined = nothing is recorded. */
  readonly effect?: RecordedEffect;
  /** Aborted when the client of the request disconnects; undefined = no client waits for the work. */
  readonly signal?: AbortSignal;
}

// One storage for all of it: Node 20 copies every storage at every promise.
const storage = new AsyncLocalStorage<Scope>();
const NOTHING: Scope = {};

/** Returns the scope of the work that is running. */
export function currentScope(): Scope {
  return storage.getStore() ?? NOTHING;
}

/** Runs `work`, and whatever it causes, in this scope. */
export function withScope<Result>(scope: Scope, work: () => Result): Result {
  return storage.run(scope, work);
}
