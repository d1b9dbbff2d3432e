import type { GraphQLDataSource } from '@apollo/gateway';
import type { GatewayContext } from '#gateway/context.js';
import { InProcessDataSource } from '#gateway/federation/data-sources/in-process.js';
import type { BenchPlatform } from '#ops/bench/bench-platform.js';
import { type DashboardRequest, dashboardAnswers } from '#ops/bench/gateway/dashboard-load.js';

/** What one dashboard query sets in motion. */
export interface CallCounts {
  /** Operations each subgraph was asked. */
  subgraphCalls: Record<string, number>;
  /** HTTP requests to each provider. */
  providerCalls: Record<string, number>;
  /** What the batches among them consist of. */
  providerInnerCalls: Record<string, number>;
}

interface LoggedCall {
  provider: string;
  inner: boolean;
}

function countBy(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Asks the simulated providers for one dashboard, and counts. */
export async function countCalls(platform: BenchPlatform, request: DashboardRequest): Promise<CallCounts> {
  const asked: string[] = [];
  const counting = platform.running.map(({ name, execute }): [string, GraphQLDataSource<GatewayContext>] => {
    const dataSource = new InProcessDataSource(execute);
    const process: typeof dataSource.process = (options) => {
      asked.push(name);
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
    subgraphCalls: countBy(asked),
    providerCalls: countBy(providersOf(false)),
    providerInnerCalls: countBy(providersOf(true)),
  };
}
