import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, Kind } from 'graphql';
import type { GatewayContext } from '#gateway/context.js';
import { createGateway } from '#gateway/federation/supergraph.js';
import type { Logger } from '#runtime/log/logger.js';
import { readTrustedOperations } from '#schema/trusted-operations.js';
import { schemaFile } from '#schema/type-definitions.js';
import { createApolloServer } from './apollo.js';
import { warmUp } from './warm-up.js';

const logger = { debug() {}, info() {}, warn() {}, error() {} } as unknown as Logger;

describe('operations that are planned in advance', () => {
  const trusted = [...readTrustedOperations().values()];
  const queries = trusted.filter(({ definition }) => definition.operation === 'query');

  it('are the queries among them, with variables that each of them takes', async () => {
    const asked: string[] = [];
    const problems: unknown[] = [];
    const apollo = createApolloServer({
      gateway: createGateway({
        supergraphSdl: readFileSync(schemaFile('supergraph.graphql'), 'utf8'),
        dataSourceFor: () => ({
          process: async ({ context }) => {
            asked.push(String((context as GatewayContext).isWarmUp));
            return {
              data: null,
              errors: [{ message: 'Planned.', extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
            } as never;
          },
        }),
      }),
      logger,
      hasIntrospection: true,
      isLimited: true,
      plugins: [
        {
          requestDidStart: async () => ({
            didEncounterErrors: async ({ errors }) => {
              problems.push(...errors.filter(({ extensions }) => extensions.code !== 'SUBGRAPH_UNAVAILABLE'));
            },
          }),
        },
      ],
    });
    await apollo.start();
    let ready = 0;
    const count = await warmUp({
      apollo,
      schema: buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8')),
      texts: trusted.map(({ text }) => text),
      budgetMs: Number.POSITIVE_INFINITY,
      isOver: () => false,
      onReady: () => {
        ready += 1;
      },
    });
    await apollo.stop();
    expect([count, ready, problems]).toEqual([queries.length, 1, []]);
    // Introspection alone asks none.
    expect(asked.length).toBeGreaterThanOrEqual(queries.length - 1);
    expect(new Set(asked)).toEqual(new Set(['true']));
  });

  it('do not delay readiness beyond their time, nor go on when there is no more use for them', async () => {
    const events: string[] = [];
    await warmUp({
      apollo: { executeOperation: async () => void events.push('planned') as never },
      schema: buildSchema('type Query { a: Int }'),
      texts: ['query One { a }', 'query Two { a }', 'query Three { a }'],
      budgetMs: 0,
      isOver: () => events.length === 3,
      onReady: () => events.push('ready'),
    });
    expect(events).toEqual(['ready', 'planned', 'planned']);
    expect(queries.every(({ definition }) => definition.kind === Kind.OPERATION_DEFINITION)).toBe(true);
  });
});
