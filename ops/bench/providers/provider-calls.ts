import type { GraphQLDataSource } from '@apollo/gateway';
import type { GatewayContext } from '#gateway/context.js';
import { InProcessDataSource } from '#gateway/federation/data-sources/in-process.js';
import type { BenchPlatform } from '#ops/bench/bench-platform.js';
import { type DashboardRequest, dashboardAnswers } from '#ops/bench/gateway/dashboard-load.js';

/** An HTTP request in the simulator's log. */
export interface LoggedCall {
  provider: string;
  method: string;
  path: string;
  query: Record<string, string>;
  body: unknown;
  inner: boolean;
}

// The simulator's limits are not part of the measurement.
const GENEROUS = {
  businessProfileCallsPerMinute: 1_000_000,
  searchConsoleQueriesPerMinute: 1_000_000,
  analyticsTokensPerDay: 1_000_000_000,
  analyticsTokensPerHour: 1_000_000_000,
  analyticsTokensPerProjectPerHour: 1_000_000_000,
  analyticsConcurrentRequests: 1_000,
  metaThrottling: false,
};

/** Removes the simulator's limits. */
export async function liftLimits(simulatorUrl: string): Promise<void> {
  await fetch(`${simulatorUrl}/_simulator/settings`, { method: 'POST', body: JSON.stringify(GENEROUS) });
}

/** Returns and clears the logged requests, without calls inside batches. */
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

/** Returns the number of calls per provider. */
export function countByProvider(calls: LoggedCall[]): Record<string, number> {
  return countBy(calls.map(({ provider }) => provider));
}

/** Returns the number of repeated calls. */
export function countRepeated(calls: LoggedCall[]): number {
  const questions = calls.map(({ provider, method, path, query, body }) =>
    JSON.stringify([provider, method, path, query, body]),
  );
  return questions.length - new Set(questions).size;
}

interface CallCounts {
  subgraphCalls: Record<string, number>;
  providerCalls: Record<string, number>;
  /** Calls inside batches. */
  providerInnerCalls: Record<string, number>;
}

/** Counts the calls of one dashboard. */
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
  // The simulator may be closing the idle connection.
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
