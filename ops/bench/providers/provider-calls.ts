import type { GraphQLDataSource } from '@apollo/gateway';
import type { GatewayContext } from '#gateway/context.js';
import { InProcessDataSource } from '#gateway/federation/data-sources/in-process.js';
import type { BenchPlatform } from '#ops/bench/bench-platform.js';
import { type DashboardRequest, dashboardAnswers } from '#ops/bench/gateway/dashboard-load.js';

/** One HTTP request in the simulator's log. */
export interface LoggedCall {
  provider: string;
  method: string;
  path: string;
  query: Record<string, string>;
  body: unknown;
  inner: boolean;
}

// What the simulated providers count and refuse is not what is measured here.
const GENEROUS = {
  businessProfileCallsPerMinute: 1_000_000,
  searchConsoleQueriesPerMinute: 1_000_000,
  analyticsTokensPerDay: 1_000_000_000,
  analyticsTokensPerHour: 1_000_000_000,
  analyticsTokensPerProjectPerHour: 1_000_000_000,
  analyticsConcurrentRequests: 1_000,
  metaThrottling: false,
};

/** Lets the simulated providers answer as much as is asked. */
export async function liftLimits(simulatorUrl: string): Promise<void> {
  await fetch(`${simulatorUrl}/_simulator/settings`, { method: 'POST', body: JSON.stringify(GENEROUS) });
}

/** Returns the HTTP requests providers got since the last time; what batches consist of is left out. */
export async function takeCalls(simulatorUrl: string): Promise<LoggedCall[]> {
  const log = `${simulatorUrl}/_simulator/calls`;
  const calls = (await (await fetch(log)).json()) as LoggedCall[];
  await (await fetch(log, { method: 'DELETE' })).text();
  return calls.filter(({ inner }) => !inner);
}

function countBy(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Returns how many calls each provider got. */
export function countByProvider(calls: LoggedCall[]): Record<string, number> {
  return countBy(calls.map(({ provider }) => provider));
}

/** Returns how many of the calls ask what another one has asked already. */
export function countRepeated(calls: LoggedCall[]): number {
  const questions = calls.map(({ provider, method, path, query, body }) =>
    JSON.stringify([provider, method, path, query, body]),
  );
  return questions.length - new Set(questions).size;
}

/** What one dashboard query sets in motion. */
interface CallCounts {
  /** Operations each subgraph was asked. */
  subgraphCalls: Record<string, number>;
  /** HTTP requests to each provider. */
  providerCalls: Record<string, number>;
  /** What the batches among them consist of. */
  providerInnerCalls: Record<string, number>;
}

/** Asks the simulated providers for one dashboard, and counts. */
export async function countCalls(platform: BenchPlatform, request: DashboardRequest): Promise<CallCounts> {
  const operations: string[] = [];
  const counting = platform.running.map(({ name, execute }): [string, GraphQLDataSource<GatewayContext>] => {
    const dataSource = new InProcessDataSource(execute);
    const process: typeof dataSource.process = (options) => {
      operations.push(name);
      return dataSource.process(options);
    };
    return [name, { process }];
  });
  const gateway = await platform.startGateway(new Map(counting));
  const log = `${platform.simulatorUrl}/_simulator/calls`;
  // The simulator may be closing the connection that was left open since the last call.
  const clear = () => fetch(log, { method: 'DELETE' });
  await clear().catch(clear);
  await dashboardAnswers(gateway, [request]);
  const calls = (await (await fetch(log)).json()) as LoggedCall[];
  const providersOf = (isInner: boolean) =>
    calls.filter(({ inner }) => inner === isInner).map(({ provider }) => provider);
  return {
    subgraphCalls: countBy(operations),
    providerCalls: countBy(providersOf(false)),
    providerInnerCalls: countBy(providersOf(true)),
  };
}
