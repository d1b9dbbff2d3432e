import type { ApolloServerPlugin, GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { type DocumentNode, GraphQLError, Kind, type OperationDefinitionNode } from 'graphql';
import type { GatewayContext } from '#gateway/context.js';
import { COST_LIMIT_EXCEEDED } from '#gateway/graph/size-limits.js';
import type { Allowances } from '#gateway/limits/allowances.js';
import { type CostPlan, type Fragments, planCost, TooManyFields } from './cost-plan.js';
import type { CostSchema } from './cost-schema.js';
import { actualCost, estimateCost } from './operation-cost.js';

/** The limit of one operation. */
export const MAX_OPERATION_COST = 200_000;

/** `extensions.cost` of a response. */
interface Cost {
  /** Upper bound before execution. */
  estimated: number;
  /** Cost of the answer, which is counted. */
  actual: number;
  /** Limit of the window, or of one operation where there is none. */
  limit: number;
  remaining: number;
}

/** Computes one plan per operation, which Apollo caches. */
function createPlans(schema: CostSchema): (document: DocumentNode, operation: OperationDefinitionNode) => CostPlan {
  const plans = new WeakMap<OperationDefinitionNode, CostPlan>();
  return (document, operation) => {
    let plan = plans.get(operation);
    if (!plan) {
      const fragments: Fragments = {};
      for (const node of document.definitions) {
        if (node.kind === Kind.FRAGMENT_DEFINITION) fragments[node.name.value] = node;
      }
      plan = planCost(schema, operation, fragments);
      plans.set(operation, plan);
    }
    return plan;
  };
}

const tooCostly = (problem: string) =>
  new GraphQLError(`The operation ${problem}: ask for fewer items (\`first\`) or fewer lists within lists.`, {
    extensions: { code: COST_LIMIT_EXCEEDED, http: { status: 400 } },
  });

const budgetExceeded = (limit: number, estimated: number, retryAfter: number) =>
  new GraphQLError(
    `The operation may cost ${estimated}, more than is left of ${limit}. Wait ${retryAfter} seconds, or ask for less.`,
    {
      extensions: {
        code: 'RATE_LIMITED',
        retryAfter,
        http: { status: 429, headers: new Map([['retry-after', String(retryAfter)]]) },
      },
    },
  );

function answerOf({ response: { body } }: GraphQLRequestContextWillSendResponse<GatewayContext>) {
  return body.kind === 'single' ? body.singleResult : undefined;
}

/**
 * Refuses operations whose estimate is over a limit, counts the cost of answers, and reports it. The estimate is
 * reserved meanwhile, so that concurrent operations cannot spend it twice.
 */
export function countCost(schema: CostSchema, allowances: Allowances): ApolloServerPlugin<GatewayContext> {
  const planOf = createPlans(schema);
  return {
    requestDidStart: async () => {
      let plan: CostPlan = new Map();
      let spent: { cost: Cost; giveBack(uses: number): Promise<void> | undefined } | undefined;
      return {
        didResolveOperation: async ({ document, operation, request, contextValue: { identity } }) => {
          if (!operation) return;
          try {
            plan = planOf(document, operation);
          } catch (error) {
            if (error instanceof TooManyFields) throw tooCostly('has more fields than can be counted');
            throw error;
          }
          const estimated = estimateCost(plan, request.variables ?? {});
          if (estimated > MAX_OPERATION_COST) {
            throw tooCostly(`may cost ${estimated}; ${MAX_OPERATION_COST} are allowed`);
          }
          const allowance = await allowances.cost(identity);
          if (!allowance) {
            const limit = MAX_OPERATION_COST;
            spent = { cost: { estimated, actual: 0, limit, remaining: limit }, giveBack: () => undefined };
            return;
          }
          const { limit, key } = allowance;
          const { isAllowed, remaining, resetSeconds } = await limit.count(key, estimated);
          if (!isAllowed) {
            await limit.giveBack(key, estimated);
            throw budgetExceeded(limit.points, estimated, resetSeconds);
          }
          spent = {
            cost: { estimated, actual: 0, limit: limit.points, remaining },
            giveBack: (uses) => limit.giveBack(key, uses),
          };
        },
        willSendResponse: async (context) => {
          const answer = answerOf(context);
          if (!spent || !answer) return;
          const { cost, giveBack } = spent;
          const actual = actualCost(plan, answer.data);
          const left = Math.max(0, cost.estimated - actual);
          await giveBack(left);
          const remaining = Math.min(cost.limit, cost.remaining + left);
          answer.extensions = { ...answer.extensions, cost: { ...cost, actual, remaining } };
        },
      };
    },
  };
}
