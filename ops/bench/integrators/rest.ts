import { deepStrictEqual } from 'node:assert';
import { LongTimeoutHttpClient, openBenchSite } from '#ops/bench/bench-site.js';
import { createDashboardData, signInUsers } from '#ops/bench/dashboard-users.js';
import { type ConfidentMedian, medianWithin, quantile, round } from '#ops/bench/statistics.js';
import { runTimes, type Workload } from '#ops/bench/workload.js';
import type { HttpClient } from '#runtime/http/http-client.js';
import type { Logger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { readTrustedOperations } from '#schema/trusted-operations.js';

const ROUNDS = 60;
const REQUESTS_PER_ROUND = 20;
const WARM_UP_REQUESTS = 300;
const CONCURRENCY = 4;
const TIMEOUT_MS = 60_000;
/** Of `dashboard-users.ts`. */
const CREDENTIALS = { email: 'owner-1@example.com', password: 'correct horse battery' };

interface Case {
  path(iteration: number): string;
  operation: string;
  variables(iteration: number): Record<string, unknown>;
  /** The items in the answer to GraphQL. */
  itemsIn(data: never): unknown;
}

const limitAt = (iteration: number) => 40 + (iteration % 10);
const days = { start: '2026-10-01', end: '2026-10-31' };
const nodesOf = ({ edges }: { edges: { node: unknown }[] }) => edges.map(({ node }) => node);

const cases: Record<string, Case> = {
  campaigns: {
    path: (iteration) => `/api/campaigns?startDate=${days.start}&endDate=${days.end}&limit=${limitAt(iteration)}`,
    operation: 'ListCampaigns',
    variables: (iteration) => ({ range: days, first: limitAt(iteration) }),
    itemsIn: ({ organization }: { organization: { campaigns: never } }) => nodesOf(organization.campaigns),
  },
  reports: {
    path: (iteration) => `/api/reports?limit=${1 + (iteration % 5)}`,
    operation: 'ListReports',
    variables: (iteration) => ({ first: 1 + (iteration % 5) }),
    itemsIn: ({ organization }: { organization: { reports: never } }) => nodesOf(organization.reports),
  },
  organization: {
    path: () => '/api/organization',
    operation: 'GetOrganization',
    variables: () => ({}),
    itemsIn: ({ organization }: { organization: unknown }) => organization,
  },
};

/** CPU time of REST divided by that of the same operation over GraphQL. */
export interface RestFigures {
  [name: string]: { cpuRatio: ConfidentMedian; restCpuMs: number; graphqlCpuMs: number };
}

async function sendOrThrow(http: HttpClient, request: Parameters<HttpClient['send']>[0]): Promise<string> {
  const { status, body } = await http.send({ ...request, isOurs: true, timeoutMs: TIMEOUT_MS });
  if (status !== 200) throw new Error(`${request.url} answered ${status}: ${body.slice(0, 500)}`);
  return body;
}

/** Measures a gateway process that answers the same over REST and over GraphQL, in turns. */
export async function measureRest(logger: Logger, scale: number): Promise<RestFigures> {
  const lifecycle = new Lifecycle(logger);
  try {
    const site = await openBenchSite(lifecycle);
    const http = new LongTimeoutHttpClient();
    lifecycle.onClose('HTTP client', () => http.close());
    const gateway = await site.startGateway('nothing');
    for (const user of await signInUsers(http, gateway.url, 1)) await createDashboardData(user);
    const json = { 'content-type': 'application/json' };
    const login = {
      method: 'POST' as const,
      url: `${gateway.url}/api/auth/login`,
      headers: json,
      body: JSON.stringify(CREDENTIALS),
    };
    const { accessToken } = JSON.parse(await sendOrThrow(http, login)).data;
    const authorization = `Bearer ${accessToken}`;
    const operations = readTrustedOperations();

    const figures: RestFigures = {};
    for (const [name, { path, operation, variables, itemsIn }] of Object.entries(cases)) {
      const query = operations.get(operation)?.text;
      const rest: Workload = (iteration) =>
        sendOrThrow(http, { url: gateway.url + path(iteration), headers: { authorization } });
      const graphql: Workload = (iteration) =>
        sendOrThrow(http, {
          method: 'POST' as const,
          url: `${gateway.url}/graphql`,
          headers: { ...json, authorization },
          body: JSON.stringify({ query, operationName: operation, variables: variables(iteration) }),
        });
      for (let iteration = 0; iteration < 10; iteration += 1) {
        const { data } = JSON.parse(String(await graphql(iteration)));
        deepStrictEqual(JSON.parse(String(await rest(iteration))).data, itemsIn(data as never));
      }
      for (const workload of [rest, graphql]) await runTimes(workload, WARM_UP_REQUESTS * scale, CONCURRENCY);
      const cpu = { rest: [] as number[], graphql: [] as number[] };
      for (let turn = 0; turn < ROUNDS * scale; turn += 1) {
        const measure = async (side: 'rest' | 'graphql') => {
          const before = await gateway.cpuMs();
          await runTimes(side === 'rest' ? rest : graphql, REQUESTS_PER_ROUND, CONCURRENCY);
          cpu[side].push(((await gateway.cpuMs()) - before) / REQUESTS_PER_ROUND);
        };
        for (const side of turn % 2 === 0 ? (['rest', 'graphql'] as const) : (['graphql', 'rest'] as const)) {
          await measure(side);
        }
      }
      figures[name] = {
        cpuRatio: medianWithin(cpu.rest.map((ms, turn) => ms / (cpu.graphql[turn] ?? 0))),
        restCpuMs: round(quantile(cpu.rest, 0.5)),
        graphqlCpuMs: round(quantile(cpu.graphql, 0.5)),
      };
    }
    return figures;
  } finally {
    await lifecycle.close();
  }
}

/** Says the figures in words. */
export function describeRest(figures: RestFigures): string {
  const lines = Object.entries(figures).map(
    ([name, { cpuRatio, restCpuMs, graphqlCpuMs }]) =>
      `  ${name}: ${restCpuMs} ms beside ${graphqlCpuMs} ms, ${cpuRatio.median.toFixed(2)}x`,
  );
  return `REST beside the same operation over GraphQL, CPU time of the gateway:\n${lines.join('\n')}\n`;
}
