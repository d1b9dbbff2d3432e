import { type Caller, GraphRequestFailed } from '#runtime/http/graph-client.js';
import { RequestFailed } from '#runtime/http/http-client.js';
import { currentRequestContext } from '#runtime/scope/request-context.js';
import { readTrustedOperations, type TrustedOperation } from '#schema/trusted-operations.js';

let known: ReadonlyMap<string, TrustedOperation> | undefined;

/** Returns the text of a trusted operation. */
export function operationText(name: string): string {
  known ??= readTrustedOperations();
  const operation = known.get(name);
  if (!operation) throw new Error(`There is no trusted operation ${name}.`);
  return operation.text;
}

/** Returns who asks the graph for an organization, under the id of the request it is done for, so that one id finds all lines of the log. */
export const callerFor = (organizationId: string, requestId: string): Caller => ({
  part: 'reporting',
  organizationId,
  requestId: currentRequestContext()?.requestId ?? requestId,
});

const AWAY: ReadonlySet<string> = new Set([
  'SUBGRAPH_UNAVAILABLE',
  'SERVICE_UNAVAILABLE',
  'PROVIDER_UNAVAILABLE',
  'RATE_LIMITED',
]);

/** Whether a code means that the same question may be answered later. */
export const isAwayCode = (code: string): boolean => AWAY.has(code);

/** Whether the graph, or what it asks, could not be reached: the same question may be answered later. */
export const isAway = (error: unknown): boolean =>
  error instanceof RequestFailed || (error instanceof GraphRequestFailed && isAwayCode(error.code));
