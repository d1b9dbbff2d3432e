import { deepStrictEqual } from 'node:assert';
import { InProcessDataSource } from '#gateway/federation/data-sources/in-process.js';
import { createExecutor } from '#kit/executor.js';
import type { BenchPlatform, Gateway } from '#ops/bench/bench-platform.js';
import { type Comparison, type Pace, sideBySide } from '#ops/bench/side-by-side.js';
import type { Identity } from '#runtime/identity/identity.js';
import { type Dashboard, type DashboardRequest, dashboardAnswers, dashboardAsk } from './dashboard-load.js';
import { rememberedSchemas } from './remembered-subgraphs.js';
import { StockDataSource } from './stock-data-source.js';

/** The same subgraphs behind two gateways that differ in their data sources only. */
export interface GatewayPair {
  inProcess: Gateway;
  local: Gateway;
}

/** Returns the gateways in front of the running subgraphs. */
export async function pairOverRunning({ running, startGateway }: BenchPlatform): Promise<GatewayPair> {
  return {
    inProcess: await startGateway(
      new Map(running.map(({ name, execute }) => [name, new InProcessDataSource(execute)])),
    ),
    local: await startGateway(
      new Map(running.map(({ name, schema, createContext }) => [name, new StockDataSource(schema, createContext)])),
    ),
  };
}

/** Returns gateways in front of subgraphs that know these answers by heart. */
export async function pairOverRemembered(
  { services, startGateway }: BenchPlatform,
  requests: DashboardRequest[],
  answers: Dashboard[],
): Promise<GatewayPair> {
  const schemas = await rememberedSchemas(requests, answers);
  const createContext = (identity: Identity) => ({ identity });
  const inProcess = schemas.map(([name, schema]) => {
    const execute = createExecutor(schema, createContext, services.logger);
    return [name, new InProcessDataSource(execute)] as const;
  });
  const local = schemas.map(([name, schema]) => [name, new StockDataSource(schema, createContext)] as const);
  return { inProcess: await startGateway(new Map(inProcess)), local: await startGateway(new Map(local)) };
}

/** Throws unless both gateways answer every request with this, letter by letter. */
export async function requireAnswers(
  { inProcess, local }: GatewayPair,
  requests: DashboardRequest[],
  answers: Dashboard[],
): Promise<void> {
  for (const gateway of [inProcess, local]) {
    const given = await dashboardAnswers(gateway, requests);
    for (const [place, answer] of answers.entries()) {
      deepStrictEqual(JSON.stringify(given[place]), JSON.stringify(answer));
    }
  }
}

/** Measures the gateways of a pair against each other. */
export function comparePair(pair: GatewayPair, requests: DashboardRequest[], pace: Pace): Promise<Comparison> {
  return sideBySide(dashboardAsk(pair.inProcess, requests), dashboardAsk(pair.local, requests), pace);
}
