import { readFileSync } from 'node:fs';
import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import { ConfigurationError } from '../ops/runtime/errors.js';
import { type Foundation, openRuntime } from '../ops/runtime/runtime.js';
import { metricsRoute } from '../ops/runtime/telemetry/metrics-route.js';
import { schemaFile, subgraphNames } from '../schema/type-definitions.js';
import { subgraphs } from '../subgraphs/index.js';
import type { RunningSubgraph, Subgraph } from '../subgraphs/subgraph.js';
import { workOn } from '../subgraphs/work-on.js';
import { allowMetrics } from './allow-metrics.js';
import { originRule } from './allowed-origins.js';
import { createApolloServer } from './apollo.js';
import { createAuthenticate } from './authenticate.js';
import type { GatewayContext } from './context.js';
import { createDataSources, type DataSources } from './data-sources/index.js';
import { LANDING_PAGE_CSP, landingPage } from './landing-page.js';
import { createOperators, type Operators } from './operator.js';
import { responseCachePlugins } from './response-cache.js';
import { healthRoute } from './routes/health.js';
import { oauthCallbackRoute } from './routes/oauth-callback.js';
import { readyRoute } from './routes/ready.js';
import { reportCsvRoute } from './routes/report-csv.js';
import { createServer, serveGraph } from './server.js';
import { createGateway } from './supergraph.js';

/** A gateway that is ready to listen, with the subgraphs of this process behind it. */
export interface Platform {
  app: FastifyInstance;
  apollo: ApolloServer<GatewayContext>;
  operators: Operators;
  local: RunningSubgraph[];
  /**
   * Runs the jobs of those subgraphs from now on. Jobs ask the gateway, so they begin once it listens, and on close they
   * are finished while it still answers.
   */
  startJobs(): Promise<void>;
}

type LocalSubgraphs = Pick<Platform, 'local' | 'startJobs'>;

/** Opens the subgraphs that have no URL, with their database, in this process. */
async function openLocalSubgraphs(foundation: Foundation): Promise<LocalSubgraphs> {
  const names = subgraphNames.filter((name) => !foundation.config.subgraphUrls[name]);
  if (names.length === 0) return { local: [], startJobs: async () => {} };
  const runtime = await openRuntime(foundation);
  const definitions: Subgraph[] = [];
  for (const name of names) definitions.push(await subgraphs[name]());
  const local = await Promise.all(definitions.map((subgraph) => subgraph.open(runtime)));
  return { local, startJobs: () => workOn(runtime, local) };
}

function dataSourceNamed(dataSources: DataSources, name: string) {
  const dataSource = dataSources.get(name);
  if (!dataSource) throw new ConfigurationError(`The supergraph has a subgraph "${name}" that is not in this build.`);
  return dataSource;
}

/** Opens the gateway and everything behind it. Closed by the foundation's lifecycle. */
export async function openPlatform(foundation: Foundation): Promise<Platform> {
  const { config, logger, lifecycle, cache, internalSigner, now } = foundation;
  const { local, startJobs } = await openLocalSubgraphs(foundation);
  const dataSources = createDataSources(foundation, local);
  const dataSource = (name: string) => dataSourceNamed(dataSources, name);
  const apollo = createApolloServer({
    gateway: createGateway({
      supergraphSdl: readFileSync(schemaFile('supergraph.graphql'), 'utf8'),
      dataSourceFor: dataSource,
    }),
    logger,
    hasIntrospection: !config.isProduction,
    isLimited: true,
    plugins: [...responseCachePlugins(cache), landingPage(config.isProduction, now())],
  });
  await apollo.start();
  lifecycle.onClose('Gateway', () => apollo.stop());
  const app = await createServer({ logger, isAllowedOrigin: originRule(config) });
  const authenticate = createAuthenticate(foundation, dataSource('auth'));
  const operators = createOperators(foundation, authenticate);
  serveGraph(app, apollo, authenticate, LANDING_PAGE_CSP);
  healthRoute(app, config.environment);
  readyRoute(app, Object.fromEntries(local.map(({ name, checkReady }) => [name, checkReady])));
  metricsRoute(app, allowMetrics(config, operators));
  oauthCallbackRoute(app, dataSource('integrations'));
  reportCsvRoute(app, { apollo, authenticate, internalSigner });
  lifecycle.onClose('HTTP server', () => app.close());
  return { app, apollo, operators, local, startJobs };
}
