import { operationFromDocument, type Schema } from '@apollo/federation-internals';
import type { GraphQLDataSource } from '@apollo/gateway';
import type { QueryPlan } from '@apollo/query-planner';
import { type DocumentNode, GraphQLError, type GraphQLSchema, print } from 'graphql';
import type { GatewayContext } from '#gateway/context.js';
import type { Authorization, Refusals } from './authorization/authorization.js';
import { permittedPart } from './authorization/permitted-part.js';
import { type RefusedPlace, refusePlaces } from './authorization/refused-place.js';
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

/**
 * Runs an operation for one request. `refusals` are of the requirements that it was compiled for. Rejects where the plan and what the
 * subgraphs answered do not fit.
 */
export type RunOperation = (
  request: OperationContext,
  dataSourceOf: (subgraph: string) => GraphQLDataSource | undefined,
  refusals?: Refusals,
) => Promise<OperationResult>;

/** What operations are compiled for: one state of the supergraph. */
export interface CompilationTarget {
  planner: Planner;
  apiSchema: Schema;
  graphqlSchema: GraphQLSchema;
  isOfType: IsOfType;
  /** undefined = the supergraph demands nothing of who asks. */
  authorization: Authorization | undefined;
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

/** What of an operation is sent to subgraphs. */
interface SentPart {
  /** undefined = nothing. */
  document: DocumentNode | undefined;
  source: string;
  refused: readonly RefusedPlace[];
}

function sentPartOf(
  { document, source, request }: OperationContext,
  authorization: Authorization | undefined,
  refusals: Refusals | undefined,
): SentPart {
  if (!authorization || !refusals) return { document, source, refused: [] };
  const isRefused = refusals.has.bind(refusals);
  const part = permittedPart(authorization, document, request.operationName ?? undefined, isRefused);
  return { ...part, source: part.document ? print(part.document) : '' };
}

/**
 * Plans an operation without what is refused, and compiles its plan and the shape of its answers. Throws NotCompiled for what is left to
 * Apollo's executor, and what the planner throws.
 */
export async function compileOperation(
  request: OperationContext,
  target: CompilationTarget,
  refusals?: Refusals,
): Promise<CompiledOperation> {
  const { planner, apiSchema, graphqlSchema, isOfType, authorization } = target;
  const operationName = request.request.operationName ?? undefined;
  const operation = operationFromDocument(apiSchema, request.document, { operationName });
  const { document, source, refused } = sentPartOf(request, authorization, refusals);
  const sent =
    document && document !== request.document
      ? operationFromDocument(apiSchema, document, { operationName })
      : operation;
  const plan: QueryPlan = document
    ? await planner.plan({ document, source, operationName, operation: sent })
    : { kind: 'QueryPlan' };
  const { runPlan, shape } = orFailure(() => ({
    runPlan: compilePlan(plan, { isOfType, variableDefinitions: operation.variableDefinitions }),
    shape: compileShape(operation, {
      schema: apiSchema,
      graphqlSchema,
      variableDefinitions: request.operation.variableDefinitions ?? [],
    }),
  }));
  const defaults = operation.collectDefaultedVariableValues();
  const run: RunOperation = async (request, dataSourceOf, refusals) => {
    const variables = request.request.variables ?? {};
    const execution: Execution = { request, variables, dataSourceOf, data: {}, errors: [] };
    await runPlan(execution, execution.data);
    if (refusals) {
      const { requestId = '' } = (request.context as Partial<GatewayContext>).identity ?? {};
      const given = { ...defaults, ...variables };
      execution.errors.unshift(...refusePlaces(refused, execution.data, given, refusals, requestId));
    }
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
  return { run, size: request.source.length + source.length + JSON.stringify(plan).length };
}
