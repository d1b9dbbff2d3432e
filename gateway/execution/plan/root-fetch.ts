import type { FetchNode, ResponsePath } from '@apollo/query-planner';
import type { Step } from './execution.js';
import { type Data, mergeData } from './merge-data.js';
import { compileRewrites } from './rewrite-data.js';
import { errorsOf, type Fetch, sendFetch, variablesOf } from './send-fetch.js';
import { subgraphError } from './subgraph-error.js';
import type { IsOfType } from './type-conditions.js';

/** Returns what of a fetch does not depend on what was answered before. */
export function fetchOf({
  serviceName,
  operation,
  operationName,
  operationKind,
  variableUsages = [],
}: FetchNode): Fetch {
  return { serviceName, operation, operationName, operationKind, variableUsages };
}

function targetsIn(data: unknown): Data[] {
  if (!Array.isArray(data)) return [data as Data];
  return data.filter((element) => element !== null && element !== undefined);
}

/** Compiles a fetch that requires nothing: of fields of Query or Mutation. */
export function compileRootFetch(node: FetchNode, path: ResponsePath, isOfType: IsOfType): Step {
  const fetch = fetchOf(node);
  const rewrite = compileRewrites(node.outputRewrites, isOfType);
  return async (execution, data) => {
    const targets = targetsIn(data);
    if (targets.length === 0) return;
    try {
      const answer = await sendFetch(fetch, execution, variablesOf(fetch, execution), path);
      const errors = errorsOf(answer).map((error) =>
        subgraphError(error, fetch.serviceName, error.path && [...path, ...error.path]),
      );
      execution.errors.push(...errors);
      if (answer.data) rewrite?.(answer.data);
      for (const target of targets) mergeData(target, answer.data);
    } catch (error) {
      execution.errors.push(error);
    }
  };
}
