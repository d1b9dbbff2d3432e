import type { Executor } from '#kit/executor.js';
import { failSpan, inSpan, isTracing } from '#runtime/scope/spans.js';

/**
 * Returns the executor of a subgraph on a port of its own, which shows each operation in the trace of the request it belongs
 * to. In the gateway's process the call of the subgraph shows the same.
 */
export function watchExecutor(name: string, execute: Executor): Executor {
  return (request, identity) => {
    if (!isTracing()) return execute(request, identity);
    const { operationName } = request;
    const attributes = { 'graphql.operation.name': operationName ?? undefined, 'webmetrics.subgraph': name };
    return inSpan(`execute ${name}`, { attributes }, async (span) => {
      const response = await execute(request, identity);
      const [error] = response.errors ?? [];
      if (error) failSpan(span, String(error.extensions?.code));
      return response;
    });
  };
}
