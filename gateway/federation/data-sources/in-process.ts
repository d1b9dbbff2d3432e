import type { GatewayContext } from '#gateway/context.js';
import type { Executor, SubgraphRequest } from '#kit/executor.js';
import { anonymous } from '#runtime/identity/identity.js';
import { SubgraphDataSource } from './subgraph-data-source.js';

/**
 * Reaches a subgraph that runs in this process. Apollo's LocalGraphQLDataSource parses and validates every call anew,
 * passes the gateway's own context to the subgraph and loses its cache hints (decision 0002).
 */
export class InProcessDataSource extends SubgraphDataSource {
  readonly #execute: Executor;

  constructor(execute: Executor) {
    super();
    this.#execute = execute;
  }

  execute(request: SubgraphRequest, { identity }: GatewayContext) {
    return this.#execute(request, identity ?? anonymous(''));
  }
}
