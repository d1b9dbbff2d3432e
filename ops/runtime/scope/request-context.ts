import { currentScope, type RequestContext, withScope } from './scope.js';

/** Runs `work`, and whatever it causes, on behalf of this request. `signal` is aborted when its client disconnects. */
export function withRequestContext<T>(context: RequestContext, work: () => T, signal?: AbortSignal): T {
  return withScope({ ...currentScope(), request: context, signal, effect: undefined }, work);
}

/** Returns the request that caused the work that is running; undefined outside of any. */
export function currentRequestContext(): RequestContext | undefined {
  return currentScope().request;
}

/** Adds the organization to the current request, once its credentials have been read. */
export function recordOrganization(organizationId: string | undefined): void {
  const context = currentRequestContext();
  if (context && organizationId) context.organizationId = organizationId;
}
