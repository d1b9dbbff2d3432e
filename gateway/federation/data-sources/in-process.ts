import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import type { GatewayContext } from '#gateway/context.js';
import type { Executor } from '#kit/executor.js';
import { anonymous } from '#runtime/identity/identity.js';
import { restrictCachePolicy } from './restrict-cache-policy.js';

type Options = GraphQLDataSourceProcessOptions<GatewayContext>;

/**
 * Reaches a subgraph that runs in this process. Apollo's LocalGraphQLDataSource parses and validates every call anew,
 * hands the gateway's own context to the subgraph and loses its cache hints (decision 0002).
 */
export class InProcessDataSource implements GraphQLDataSource<GatewayContext> {
  readonly #execute: Executor;

  constructor(execute: Executor) {
    this.#execute = execute;
  }

  async process(options: Options) {
    const { query = '', variables, operationName } = options.request;
    const identity = (options.context as GatewayContext).identity ?? anonymous('');
    const { cachePolicy, ...response } = await this.#execute({ query, variables, operationName }, identity);
    restrictCachePolicy(options, cachePolicy);
    return response as Awaited<ReturnType<GraphQLDataSource['process']>>;
  }
}
