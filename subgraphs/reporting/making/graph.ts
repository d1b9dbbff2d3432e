import type { Caller } from '#runtime/http/graph-client.js';
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
