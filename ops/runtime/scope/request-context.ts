import { currentScope, withScope } from './scope.js';

/** On whose behalf something happens: on every log line, and handed on to subgraphs, providers and jobs. */
export interface RequestContext {
  requestId: string;
  organizationId?: string;
  /** What a trace shows as its cause, as W3C's `traceparent`; undefined when no traces are made. */
  traceparent?: string;
}

/** Runs `work` so that whatever it causes is known to be caused by this request. */
export function withRequestContext<T>(context: RequestContext, work: () => T): T {
  return withScope({ ...currentScope(), request: context }, work);
}

/** The request that caused what runs now; undefined outside of any. */
export function currentRequestContext(): RequestContext | undefined {
  return currentScope().request;
}

/** Adds the organization to the request that runs now, once its credentials have been read. */
export function noteOrganization(organizationId: string | undefined): void {
  const context = currentRequestContext();
  if (context && organizationId) context.organizationId = organizationId;
}
