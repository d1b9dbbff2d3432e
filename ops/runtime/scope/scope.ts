import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestContext } from './request-context.js';
import type { Span } from './spans.js';

/** Who asks a provider, with which connection. */
export interface Customer {
  readonly organizationId: string;
  readonly connectionId: string;
  /** Only to find out whether the provider is back. */
  readonly isProbing?: boolean;
}

/** What is known of whatever runs now. */
export interface Scope {
  readonly request?: RequestContext;
  /** The span that runs; undefined when no traces are made. */
  readonly span?: Span;
  /** Undefined = somebody waits for it. */
  readonly priority?: 'background';
  /** Whose share of a provider's limits it uses up; undefined = nobody's that is known. */
  readonly customer?: Customer;
}

// One for everything: Node 20 writes each storage down at every promise.
const storage = new AsyncLocalStorage<Scope>();
const NOTHING: Scope = {};

/** Returns what is known of whatever runs now. */
export function currentScope(): Scope {
  return storage.getStore() ?? NOTHING;
}

/** Runs `work` so that this is known of it and of whatever it causes. */
export function withScope<Result>(scope: Scope, work: () => Result): Result {
  return storage.run(scope, work);
}
