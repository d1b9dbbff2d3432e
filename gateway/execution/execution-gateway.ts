import type { ApolloGateway, GraphQLDataSource } from '@apollo/gateway';
import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server';
import { getVariableValues } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type FallbackReason, observeExecutionFallback } from '#runtime/telemetry/observe-execution.js';
import { createAuthorization, keyOfRefusals, type Refusals } from './authorization/authorization.js';
import { type CompilationTarget, type CompiledOperation, compileOperation, NotCompiled } from './compile-operation.js';
import type { OperationContext } from './plan/execution.js';
import { typeConditionsOf } from './plan/type-conditions.js';
import { apolloPlanner } from './planning/apollo-planner.js';
import type { CreatePlanner } from './planning/planner.js';

/** What Apollo Server loads instead of a schema. */
export type GatewayInterface = ApolloServerOptionsWithGateway<BaseContext>['gateway'];

type LoadOptions = Parameters<ApolloGateway['load']>[0];
type SchemaListener = Parameters<ApolloGateway['onSchemaLoadOrUpdate']>[0];
export type GatewayExecutor = ApolloGateway['executor'];

export interface ExecutionGatewayOptions {
  /** Composes, plans, and executes what we cannot; not loaded yet. */
  gateway: ApolloGateway;
  /** Returns the data source of a subgraph. Each answer belongs to the operation that asked: it is changed in place. */
  buildService(definition: { name: string; url?: string }): GraphQLDataSource;
  /** Absent = that of `gateway`. */
  createPlanner?: CreatePlanner;
}

/** The most that compiled operations of a gateway may take. */
const MAX_COMPILED_BYTES = 64 * 1024 * 1024;
/** Of a compiled operation, for each character of its text and its plan. */
const BYTES_PER_CHARACTER = 40;
const ENTRY_BYTES = 2 * 1024;

/** Operations over one state of the supergraph. */
interface Supergraph extends CompilationTarget {
  operations: LRUCache<string, CompiledOperation | NotCompiled>;
  /** Being compiled. */
  pending: Map<string, Promise<CompiledOperation | NotCompiled>>;
  dataSourceOf(subgraph: string): GraphQLDataSource | undefined;
}

class ExecutionGateway implements GatewayInterface {
  readonly #options: ExecutionGatewayOptions;
  /** undefined = it could not be prepared: Apollo's executor runs everything. */
  #supergraph: Supergraph | undefined;
  #failure: unknown;
  #fallback: GatewayExecutor | undefined;

  constructor(options: ExecutionGatewayOptions) {
    this.#options = options;
    // Apollo Gateway only logs what its listeners throw.
    options.gateway.onSchemaLoadOrUpdate((schema) => {
      this.#supergraph = undefined;
      try {
        this.#supergraph = this.#prepare(schema);
      } catch (error) {
        this.#failure = error;
      }
    });
  }

  /** Operations that run meanwhile end on the supergraph that they began on. */
  #prepare({ apiSchema: graphqlSchema, coreSupergraphSdl }: Parameters<SchemaListener>[0]): Supergraph {
    const { gateway, buildService, createPlanner } = this.#options;
    const { queryPlanner } = gateway.__testing();
    if (!queryPlanner) throw new Error('Apollo Gateway has loaded a supergraph without a query planner.');
    const dataSources = new Map<string, GraphQLDataSource>();
    for (const { name, url } of queryPlanner.supergraph.subgraphsMetadata()) {
      dataSources.set(name, buildService({ name, url }));
    }
    return {
      planner: createPlanner?.(coreSupergraphSdl) ?? apolloPlanner(queryPlanner),
      apiSchema: queryPlanner.supergraph.apiSchema(),
      graphqlSchema,
      isOfType: typeConditionsOf(coreSupergraphSdl),
      authorization: createAuthorization(queryPlanner.supergraph.schema, graphqlSchema),
      operations: new LRUCache<string, CompiledOperation | NotCompiled>({
        maxSize: MAX_COMPILED_BYTES,
        sizeCalculation: (compiled) =>
          (compiled instanceof Error ? 1 : compiled.size) * BYTES_PER_CHARACTER + ENTRY_BYTES,
      }),
      pending: new Map(),
      dataSourceOf: (name) => dataSources.get(name),
    };
  }

  onSchemaLoadOrUpdate(callback: SchemaListener) {
    return this.#options.gateway.onSchemaLoadOrUpdate(callback);
  }

  async load(options?: LoadOptions) {
    const { executor } = await this.#options.gateway.load(options);
    if (!this.#supergraph) throw this.#failure;
    this.#fallback = executor;
    return { executor: ((request) => this.#execute(request)) as GatewayExecutor };
  }

  async #execute(request: OperationContext): Promise<Awaited<ReturnType<GatewayExecutor>>> {
    const supergraph = this.#supergraph;
    if (!supergraph) return this.#runByApollo(request, 'compilation');
    if (request.metrics?.captureTraces) return this.#runByApollo(request, 'trace');
    const { errors } = getVariableValues(
      supergraph.graphqlSchema,
      request.operation.variableDefinitions ?? [],
      request.request.variables ?? {},
    );
    if (errors) return { errors };
    const whole = request.request.operationName
      ? `${request.request.operationName} ${request.queryHash}`
      : request.queryHash;
    const refusals = supergraph.authorization?.refusalsOf(whole, request);
    const key = refusals ? `${whole} without ${keyOfRefusals(refusals)}` : whole;
    const operation = supergraph.operations.get(key) ?? (await this.#compile(key, request, supergraph, refusals));
    if (operation instanceof NotCompiled) return this.#runByApollo(request, operation.reason);
    return operation.run(request, supergraph.dataSourceOf, refusals);
  }

  #compile(
    key: string,
    request: OperationContext,
    { operations, pending, ...target }: Supergraph,
    refusals: Refusals | undefined,
  ) {
    const known = pending.get(key);
    if (known) return known;
    const compiling = compileOperation(request, target, refusals)
      .catch((error: unknown) => {
        if (error instanceof NotCompiled) return error;
        throw error;
      })
      .then((compiled) => {
        operations.set(key, compiled);
        return compiled;
      })
      .finally(() => pending.delete(key));
    pending.set(key, compiling);
    return compiling;
  }

  #runByApollo(request: OperationContext, reason: FallbackReason): ReturnType<GatewayExecutor> {
    if (!this.#fallback) throw new Error('The gateway is not loaded.');
    observeExecutionFallback(reason);
    return this.#fallback(request);
  }

  stop(): Promise<void> {
    return this.#options.gateway.stop();
  }
}

/**
 * Returns a gateway that runs the plans of operations itself over what Apollo Gateway composed. What it cannot run is left to the
 * executor of Apollo Gateway, and counted.
 */
export function createExecutionGateway(options: ExecutionGatewayOptions): GatewayInterface {
  return new ExecutionGateway(options);
}
