import type { ApolloServerPlugin, GraphQLRequestContext } from '@apollo/server';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import type { GatewayContext } from '#gateway/context.js';
import { answerSize, answerTooLarge, MAX_ANSWER_BYTES } from '#gateway/graph/limit-answer.js';
import { COST_LIMIT_EXCEEDED } from '#gateway/graph/size-limits.js';
import type { Allowance, Allowances } from '#gateway/limits/allowances.js';
import type { UsageCounter } from '#gateway/limits/usage-counter.js';
import { type CostPlan, type Fragments, planCost, TooManyFields } from './cost-plan.js';
import type { CostSchema } from './cost-schema.js';
import { introspectionSize } from './introspection-size.js';
import { IntrospectionTurns } from './introspection-turns.js';
import { countNewDocument, isRefused } from './new-documents.js';
import { costOfUsage, countObjects, estimateUsage } from './operation-cost.js';
import { takeCost } from './take-cost.js';

/** The limit of one operation. */
export const MAX_OPERATION_COST = 200_000;

/** `extensions.cost` of a response. */
interface Cost {
  /** Before execution. */
  estimated: number;
  /** Of the answer, which is counted. */
  actual: number;
  /** Counted besides for a document that was not known. */
  newDocument?: number;
  /** Limit of the window, or of one operation where there is none. */
  limit: number;
  remaining: number;
}

interface Planned {
  plan: CostPlan;
  fragments: Fragments;
}

interface Reservation {
  plan: CostPlan;
  estimated: number;
  allowance?: Allowance;
  remaining: number;
  /** Ends the turn to answer questions about the schema. */
  endTurn(): void;
}

type Context = Pick<GraphQLRequestContext<GatewayContext>, 'schema' | 'request' | 'contextValue'> & {
  document: DocumentNode;
};

/** Computes one plan per operation, which Apollo caches. */
function createPlans(costs: () => CostSchema): (document: DocumentNode, operation: OperationDefinitionNode) => Planned {
  const plans = new WeakMap<OperationDefinitionNode, Planned>();
  return (document, operation) => {
    let planned = plans.get(operation);
    if (!planned) {
      const fragments: Fragments = {};
      for (const node of document.definitions) {
        if (node.kind === Kind.FRAGMENT_DEFINITION) fragments[node.name.value] = node;
      }
      planned = { plan: planCost(costs(), operation, fragments), fragments };
      plans.set(operation, planned);
    }
    return planned;
  };
}

const tooCostly = (problem: string) =>
  new GraphQLError(`The operation ${problem}: ask for fewer items (\`first\`) or fewer lists within lists.`, {
    extensions: { code: COST_LIMIT_EXCEEDED, http: { status: 400 } },
  });

/** Returns the variables with their defaults; as sent where they are wrong, which the gateway refuses later. */
function coerce(schema: GraphQLSchema, { variableDefinitions = [] }: OperationDefinitionNode, given = {}) {
  return getVariableValues(schema, variableDefinitions, given).coerced ?? given;
}

/** Returns the estimate of an operation, and the bytes of its answer about the schema. Throws COST_LIMIT_EXCEEDED and ANSWER_TOO_LARGE. */
function estimate({ schema, request }: Context, operation: OperationDefinitionNode, { plan, fragments }: Planned) {
  const variables = coerce(schema, operation, request.variables);
  const introspected = introspectionSize(schema, plan.introspection, fragments, variables, MAX_ANSWER_BYTES);
  if (introspected > MAX_ANSWER_BYTES) throw answerTooLarge(MAX_ANSWER_BYTES);
  const usage = estimateUsage(plan, variables);
  const estimated = costOfUsage({ ...usage, bytes: usage.bytes + introspected });
  if (estimated <= MAX_OPERATION_COST) return { estimated, introspected };
  throw tooCostly(`may cost ${estimated}; ${MAX_OPERATION_COST} are allowed`);
}

/** Counts what was not used, or used beyond the estimate, and returns what is left. */
async function settle({ allowance, estimated, remaining }: Reservation, actual: number): Promise<number> {
  if (!allowance) return remaining;
  const { limit, key } = allowance;
  if (actual > estimated) await limit.count(key, actual - estimated);
  else await limit.giveBack(key, estimated - actual);
  return Math.min(limit.points, Math.max(0, remaining + estimated - actual));
}

/**
 * Refuses operations whose estimate is over a limit, counts the cost of answers, and reports it. The estimate is
 * reserved meanwhile, so that concurrent operations cannot spend it twice. An answer that costs more is counted in full,
 * which may exceed the allowance. `usage` counts what was charged.
 */
export function countCost(
  costs: () => CostSchema,
  allowances: Allowances,
  usage: Pick<UsageCounter, 'countCost'>,
): ApolloServerPlugin<GatewayContext> {
  const planOf = createPlans(costs);
  const turns = new IntrospectionTurns();

  async function reserve(context: Context, operation: OperationDefinitionNode): Promise<Reservation> {
    const planned = planOf(context.document, operation);
    const { estimated, introspected } = estimate(context, operation, planned);
    const { plan } = planned;
    const allowance = await allowances.cost(context.contextValue.identity, context.contextValue.bucket);
    const endTurn = await turns.take(introspected);
    try {
      const remaining = allowance ? await takeCost(allowance, estimated, `may cost ${estimated}`) : MAX_OPERATION_COST;
      return { plan, estimated, allowance, remaining, endTurn };
    } catch (error) {
      endTurn();
      throw error;
    }
  }

  return {
    requestDidStart: async () => {
      let reserved: Promise<Reservation> | undefined;
      let newDocument: number | undefined;
      return {
        validationDidStart: async ({ document, contextValue: { identity, bucket, isTrusted, isPart } }) => {
          if (isTrusted && !isPart) return;
          newDocument = await countNewDocument(document, await allowances.cost(identity, bucket));
          if (!isRefused(document)) usage.countCost(identity, newDocument);
        },
        didResolveOperation: async (context) => {
          const { operation } = context;
          if (!operation) return;
          reserved = reserve(context, operation);
          await reserved.catch((error) => {
            throw error instanceof TooManyFields ? tooCostly('has more fields than can be counted') : error;
          });
        },
        willSendResponse: async ({ response: { body }, contextValue: { identity, rowsRead } }) => {
          // Another plugin may have refused the operation before anything was reserved.
          const reservation = await reserved?.catch(() => undefined);
          reservation?.endTurn();
          if (!reservation || body.kind !== 'single') return;
          const { singleResult } = body;
          const { data } = singleResult;
          const { plan, estimated, allowance } = reservation;
          const actual = costOfUsage({ objects: countObjects(plan, data), bytes: answerSize(data), rows: rowsRead });
          usage.countCost(identity, actual);
          const cost: Cost = {
            estimated,
            actual,
            ...(newDocument && { newDocument }),
            limit: allowance?.limit.points ?? MAX_OPERATION_COST,
            remaining: await settle(reservation, actual),
          };
          singleResult.extensions = { ...singleResult.extensions, cost };
        },
      };
    },
  };
}
