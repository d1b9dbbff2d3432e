import { deepStrictEqual } from 'node:assert';
import { type GraphQLDataSource, type GraphQLDataSourceProcessOptions, LocalGraphQLDataSource } from '@apollo/gateway';
import type { GraphQLSchema } from 'graphql';
import type { GatewayContext } from '#gateway/context.js';
import { InProcessDataSource } from '#gateway/federation/data-sources/in-process.js';
import { createExecutor } from '#kit/executor.js';
import type { BenchPlatform, Gateway } from '#ops/bench/bench-platform.js';
import { type Comparison, type Pace, sideBySide } from '#ops/bench/side-by-side.js';
import type { Identity } from '#runtime/identity/identity.js';
import { type Dashboard, type DashboardRequest, dashboardAnswers, dashboardAsk } from './dashboard-load.js';
import { createOneServer } from './one-server.js';
import { stubSchemas, stubUsers } from './stubbed-subgraphs.js';

type Options = GraphQLDataSourceProcessOptions<GatewayContext>;

/** Apollo's in-process data source with a fresh context per call, as in ours. */
class ApolloLocalDataSource implements GraphQLDataSource<GatewayContext> {
  readonly #stock: LocalGraphQLDataSource;
  readonly #createContext: (identity: Identity) => object;

  constructor(schema: GraphQLSchema, createContext: (identity: Identity) => object) {
    this.#stock = new LocalGraphQLDataSource(schema);
    this.#createContext = createContext;
  }

  process(options: Options) {
    const context = this.#createContext((options.context as GatewayContext).identity);
    return this.#stock.process({ ...options, context } as Parameters<LocalGraphQLDataSource['process']>[0]);
  }
}

/** WebMetrics' gateway, and Apollo's with its own executor and data sources. */
export interface GatewayPair {
  ours: Gateway;
  stock: Gateway;
}

/** Returns the gateways over the running subgraphs. */
export async function pairOverRunning({
  running,
  startGateway,
  startStockGateway,
}: BenchPlatform): Promise<GatewayPair> {
  return {
    ours: await startGateway(new Map(running.map(({ name, execute }) => [name, new InProcessDataSource(execute)]))),
    stock: await startStockGateway(
      new Map(
        running.map(({ name, schema, createContext }) => [name, new ApolloLocalDataSource(schema, createContext)]),
      ),
    ),
  };
}

/** Returns gateways over subgraphs that answer from memory. */
export async function pairOverStubs(
  { services, startGateway, startStockGateway, startServer }: BenchPlatform,
  requests: DashboardRequest[],
  answers: Dashboard[],
): Promise<GatewayPair & { oneServer: Gateway }> {
  const schemas = await stubSchemas(requests, answers);
  const createContext = (identity: Identity) => ({ identity });
  const inProcess = schemas.map(([name, schema]) => {
    const execute = createExecutor(schema, createContext, services.logger);
    return [name, new InProcessDataSource(execute)] as const;
  });
  const local = schemas.map(([name, schema]) => [name, new ApolloLocalDataSource(schema, createContext)] as const);
  return {
    ours: await startGateway(new Map(inProcess)),
    stock: await startStockGateway(new Map(local)),
    oneServer: await startServer(createOneServer(stubUsers(requests, answers))),
  };
}

/** Throws unless all gateways give exactly these answers. */
export async function requireAnswers(
  gateways: Gateway[],
  requests: DashboardRequest[],
  answers: Dashboard[],
): Promise<void> {
  for (const gateway of gateways) {
    const given = await dashboardAnswers(gateway, requests);
    for (const [index, answer] of answers.entries()) {
      deepStrictEqual(JSON.stringify(given[index]), JSON.stringify(answer));
    }
  }
}

/** Compares two gateways. */
export function compareGateways(
  first: Gateway,
  second: Gateway,
  requests: DashboardRequest[],
  pace: Pace,
): Promise<Comparison> {
  return sideBySide(dashboardAsk(first, requests), dashboardAsk(second, requests), pace);
}
