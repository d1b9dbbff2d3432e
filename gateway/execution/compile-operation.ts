import { operationFromDocument, type Schema } from '@apollo/federation-internals';
import type { GraphQLDataSource } from '@apollo/gateway';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { compilePlan, UnknownPlan } from './plan/compile-plan.js';
import type { Execution, OperationContext } from './plan/execution.js';
import type { IsOfType } from './plan/type-conditions.js';
import type { Planner } from './planning/planner.js';
import { compileShape } from './shaping/compile-shape.js';

/** The result of an operation. */
export interface OperationResult {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLError[];
  extensions?: Record<string, unknown>;
}

/** Runs an operation for one request. Rejects where the plan and what the subgraphs answered do not fit. */
export type RunOperation = (
  request: OperationContext,
  dataSourceOf: (subgraph: string) => GraphQLDataSource | undefined,
) => Promise<OperationResult>;

/** What operations are compiled for: one state of the supergraph. */
export interface CompilationTarget {
  planner: Planner;
  apiSchema: Schema;
  graphqlSchema: GraphQLSchema;
  isOfType: IsOfType;
}

function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error as Error;
  return new GraphQLError(originalError.message, { originalError });
}

/** A compiled operation, and how many characters its text and its plan have. */
export interface CompiledOperation {
  run: RunOperation;
  size: number;
}

/** Why an operation is left to Apollo's executor. */
export class NotCompiled extends Error {
  override name = 'NotCompiled';
  readonly reason: 'plan' | 'compilation';

  constructor(cause: unknown) {
    super('An operation was not compiled.', { cause });
    this.reason = cause instanceof UnknownPlan ? 'plan' : 'compilation';
  }
}

function orFailure<Compiled>(compile: () => Compiled): Compiled {
  try {
    return compile();
  } catch (error) {
    throw new NotCompiled(error);
  }
}

/**
 * Plans an operation and compiles its plan and the shape of its answers. Throws NotCompiled for what is left to
 * Apollo's executor, and what the planner throws.
 */
export async function compileOperation(
  request: OperationContext,
  target: CompilationTarget,
): Promise<CompiledOperation> {
  const { planner, apiSchema, graphqlSchema, isOfType } = target;
  const { document, source } = request;
  const operationName = request.request.operationName ?? undefined;
  const operation = operationFromDocument(apiSchema, document, { operationName });
  const plan = await planner.plan({ document, source, operationName, operation });
  const { runPlan, shape } = orFailure(() => ({
    runPlan: compilePlan(plan, { isOfType, variableDefinitions: operation.variableDefinitions }),
    shape: compileShape(operation, {
      schema: apiSchema,
      graphqlSchema,
      variableDefinitions: request.operation.variableDefinitions ?? [],
    }),
  }));
  const run: RunOperation = async (request, dataSourceOf) => {
    const variables = request.request.variables ?? {};
    const execution: Execution = { request, variables, dataSourceOf, data: {}, errors: [] };
    await runPlan(execution, execution.data);
    const errors = execution.errors as GraphQLError[];
    try {
      const shaped = shape(execution.data, variables);
      if (errors.length > 0) return { errors, data: shaped.data };
      if (shaped.errors.length === 0) return { data: shaped.data };
      return { extensions: { valueCompletion: shaped.errors }, data: shaped.data };
    } catch (error) {
      return { errors: [asGraphQLError(error)] };
    }
  };
  return { run, size: source.length + JSON.stringify(plan).length };
}
