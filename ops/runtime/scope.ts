import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context } from '@opentelemetry/api';
import type { RequestContext } from './request-context.js';

/** What is known of whatever runs now. */
export interface Scope {
  readonly request?: RequestContext;
  /** The span that runs, as OpenTelemetry wraps it. */
  readonly trace?: Context;
  /** Undefined = somebody waits for it. */
  readonly priority?: 'background';
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
