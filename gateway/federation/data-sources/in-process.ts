import type { GatewayContext } from '#gateway/context.js';
import type { Executor, SubgraphRequest } from '#kit/executor.js';
import { anonymous } from '#runtime/identity/identity.js';
import { SubgraphDataSource } from './subgraph-data-source.js';

/**
 * Runs operations in this process. Apollo's LocalGraphQLDataSource parses and validates each call, shares the
 * gateway's context and loses cache hints (decision 0002).
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
