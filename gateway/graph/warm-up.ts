import { setTimeout as wait } from 'node:timers/promises';
import type { ApolloServer } from '@apollo/server';
import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  type OperationDefinitionNode,
  parse,
  typeFromAST,
} from 'graphql';
import type { GatewayContext } from '#gateway/context.js';
import { anonymous } from '#runtime/identity/identity.js';
import type { BaseServices } from '#runtime/services.js';

/** Values of scalars that are valid. */
const SCALARS: Readonly<Record<string, unknown>> = {
  Boolean: true,
  Date: '2026-01-01',
  DateTime: '2026-01-01T00:00:00.000Z',
  Float: 1,
  Int: 1,
};
const TEXT = '1';

/** In production, before the gateway is ready. */
const BUDGET_MS = 10_000;
const ASKED_AGAIN_MS = 1_000;

/** Returns a value that a variable of this type may have. */
function exampleOf(type: GraphQLInputType): unknown {
  const bare = getNullableType(type);
  if (isListType(bare)) return [];
  if (isEnumType(bare)) return bare.getValues()[0]?.name;
  if (isInputObjectType(bare)) {
    const required = Object.values(bare.getFields()).filter(isRequiredInputField);
    return Object.fromEntries(required.map((field) => [field.name, exampleOf(field.type)]));
  }
  return SCALARS[bare.name] ?? TEXT;
}

function variablesOf(schema: GraphQLSchema, { variableDefinitions = [] }: OperationDefinitionNode) {
  const values = variableDefinitions.flatMap(({ variable, type: node, defaultValue }) => {
    const type = typeFromAST(schema, node as never) as GraphQLInputType | undefined;
    return type && isNonNullType(type) && !defaultValue ? [[variable.name.value, exampleOf(type)]] : [];
  });
  return Object.fromEntries(values) as Record<string, unknown>;
}

export interface WarmUp {
  apollo: Pick<ApolloServer<GatewayContext>, 'executeOperation'>;
  schema: GraphQLSchema;
  /** Documents with one operation. Mutations are left out. */
  texts: Iterable<string>;
  /** For documents without a pause after each. */
  budgetMs: number;
  /** Whether there is no more use for it. */
  isOver(): boolean;
  /** Called when all are planned, or the time is over. */
  onReady(): void;
}

/**
 * Parses, validates and plans queries before they are asked for, without asking a subgraph. What is left when the time is over
 * follows with pauses as long as each took. Returns the number of operations.
 */
export async function warmUp({ apollo, schema, texts, budgetMs, isOver, onReady }: WarmUp): Promise<number> {
  const startedAt = performance.now();
  let count = 0;
  let isReady = false;
  for (const query of texts) {
    const begunAt = performance.now();
    if (!isReady && begunAt - startedAt >= budgetMs) {
      isReady = true;
      onReady();
    }
    if (isOver()) break;
    const [operation] = parse(query, { noLocation: true }).definitions.filter(
      (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
    );
    if (operation?.operation !== 'query') continue;
    const contextValue = { identity: anonymous('warm-up'), isTrusted: true, isWarmUp: true };
    const request = { query, operationName: operation.name?.value, variables: variablesOf(schema, operation) };
    await apollo.executeOperation(request, { contextValue });
    count += 1;
    await wait(isReady ? performance.now() - begunAt : 0, undefined, { ref: false });
  }
  if (!isReady) onReady();
  return count;
}

/** Plans that are made in advance. */
export interface PlansInAdvance {
  /** Makes them over this schema; again, if others were made before. */
  use(schema: GraphQLSchema): void;
  /** Begins, once `apollo` has started. */
  start(apollo: ApolloServer<GatewayContext>): void;
  /** Whether the gateway should not be ready yet. */
  isPending(): boolean;
}

/**
 * Returns what plans these documents in advance: in production at once, before the gateway is ready; in development when nothing
 * else `isPreparing`; in tests never.
 */
export function planInAdvance(
  { config, logger, lifecycle }: Pick<BaseServices, 'config' | 'logger' | 'lifecycle'>,
  texts: string[],
  isPreparing: () => boolean,
): PlansInAdvance {
  let schema: GraphQLSchema | undefined;
  let isPending = config.isProduction;
  let started: ApolloServer<GatewayContext> | undefined;

  async function run(apollo: ApolloServer<GatewayContext>, budgetMs: number): Promise<void> {
    const planned = schema;
    if (!planned) return;
    const startedAt = performance.now();
    const isOver = () => lifecycle.isStopping || schema !== planned;
    try {
      while (budgetMs === 0 && isPreparing() && !isOver()) await wait(ASKED_AGAIN_MS, undefined, { ref: false });
      const onReady = () => {
        isPending = false;
      };
      const operations = await warmUp({ apollo, schema: planned, texts, budgetMs, isOver, onReady });
      const durationMs = Math.round(performance.now() - startedAt);
      logger.debug({ operations, durationMs }, 'Operations are planned in advance');
    } catch (err) {
      isPending = false;
      logger.warn({ err }, 'Operations could not be planned in advance');
    }
  }

  return {
    start: (apollo) => {
      if (config.environment === 'test') return;
      started = apollo;
      void run(apollo, config.isProduction ? BUDGET_MS : 0);
    },
    use: (changed) => {
      schema = changed;
      // Apollo Server has the schema when all who listen for it were called.
      if (started) setImmediate(run, started, 0);
    },
    isPending: () => isPending,
  };
}
