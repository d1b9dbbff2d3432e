import type { ApolloGateway, GraphQLDataSource } from '@apollo/gateway';
import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server';
import { type FallbackReason, observeExecutionFallback } from '#runtime/telemetry/observe-execution.js';
import type { CreatePlanner } from './planning/planner.js';

/** What Apollo Server loads instead of a schema. */
export type GatewayInterface = ApolloServerOptionsWithGateway<BaseContext>['gateway'];

type LoadOptions = Parameters<ApolloGateway['load']>[0];
export type GatewayExecutor = ApolloGateway['executor'];

export interface ExecutionGatewayOptions {
  /** Composes, plans, and executes what we cannot; not loaded yet. */
  gateway: ApolloGateway;
  /** Returns the data source of a subgraph: the one that `gateway` has, or its equal. */
  buildService(definition: { name: string; url?: string }): GraphQLDataSource;
  /** Absent = that of `gateway`. */
  createPlanner?: CreatePlanner;
}

class ExecutionGateway implements GatewayInterface {
  readonly #gateway: ApolloGateway;
  #fallback: GatewayExecutor | undefined;

  constructor({ gateway }: ExecutionGatewayOptions) {
    this.#gateway = gateway;
  }

  onSchemaLoadOrUpdate(callback: Parameters<ApolloGateway['onSchemaLoadOrUpdate']>[0]) {
    return this.#gateway.onSchemaLoadOrUpdate(callback);
  }

  async load(options?: LoadOptions) {
    const { executor } = await this.#gateway.load(options);
    this.#fallback = executor;
    return { executor: ((context) => this.#execute(context)) as GatewayExecutor };
  }

  #execute(context: Parameters<GatewayExecutor>[0]): ReturnType<GatewayExecutor> {
    return this.#runByApollo(context, 'plan');
  }

  #runByApollo(context: Parameters<GatewayExecutor>[0], reason: FallbackReason): ReturnType<GatewayExecutor> {
    if (!this.#fallback) throw new Error('The gateway is not loaded.');
    observeExecutionFallback(reason);
    return this.#fallback(context);
  }

  stop(): Promise<void> {
    return this.#gateway.stop();
  }
}

/**
 * Returns a gateway that runs the plans of operations itself over what Apollo Gateway composed. What it cannot run is left to the
 * executor of Apollo Gateway, and counted.
 */
export function createExecutionGateway(options: ExecutionGatewayOptions): GatewayInterface {
  return new ExecutionGateway(options);
}
