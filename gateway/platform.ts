import { readFileSync } from 'node:fs';
import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import type { RunningSubgraph, Subgraph } from '#kit/define-subgraph.js';
import { unexpectedErrors } from '#runtime/alerts/unexpected-errors.js';
import { ConfigurationError } from '#runtime/errors.js';
import { healthRoute } from '#runtime/health/health-route.js';
import { openReadiness } from '#runtime/health/readiness.js';
import { readyRoute } from '#runtime/health/ready-route.js';
import { closeGracefully } from '#runtime/http/close-server.js';
import type { Jobs } from '#runtime/jobs/jobs.js';
import { type BaseServices, openQueue, openServices, type Services } from '#runtime/services.js';
import { metricsRoute } from '#runtime/telemetry/metrics-route.js';
import { schemaFile, subgraphNames } from '#schema/type-definitions.js';
import { subgraphs } from '#subgraphs/index.js';
import { cacheCheck, processChecks } from '#subgraphs/process/process-checks.js';
import { createSubgraphReports } from '#subgraphs/process/subgraph-report.js';
import { workOn } from '#subgraphs/process/work-on.js';
import type { GatewayContext } from './context.js';
import { type Demo, readyWithDemo } from './demo/demo.js';
import { createCollectPersonalData } from './federation/collect-personal-data.js';
import { createDataSources, type DataSources } from './federation/data-sources/index.js';
import { createSubgraphProbes, remoteChecks } from './federation/subgraph-probes.js';
import { createGateway } from './federation/supergraph.js';
import { createApolloServer } from './graph/apollo.js';
import { LANDING_PAGE_CSP, landingPage } from './graph/landing-page.js';
import { responseCachePlugins } from './graph/response-cache.js';
import { createServer, originRule, serveGraph } from './http/server.js';
import { createAuthenticate } from './identity/authenticate.js';
import { allowMetrics, createOperators, type Operators } from './identity/operator.js';
import { createRecordOperatorAction } from './identity/record-operator-action.js';
import { createAllowances } from './limits/allowances.js';
import { readCostSchema } from './limits/cost/cost-schema.js';
import { countCost } from './limits/cost/count-cost.js';
import { createLimitRequests, limitRoute } from './limits/limit-requests.js';
import { createPlanLimits } from './limits/plan-limits.js';
import { auditCsvRoute } from './routes/audit-csv.js';
import { createInstallationReporter } from './routes/installation-report.js';
import { jobConsoleRoute } from './routes/job-console.js';
import { mailEventsRoute } from './routes/mail-events.js';
import { mailLinkRoutes } from './routes/mail-links.js';
import { myDataRoute } from './routes/my-data.js';
import { oauthCallbackRoute } from './routes/oauth-callback.js';
import { oauthReconnectRoute } from './routes/oauth-reconnect.js';
import { reportCsvRoute } from './routes/report-csv.js';
import { statusRoute } from './routes/status.js';

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

interface LocalSubgraphs extends Pick<Platform, 'local' | 'startJobs'> {
  /** The job queue. Without subgraphs of its own, a gateway opens it when somebody wants to look at it. */
  queue(): Promise<Jobs>;
  /** undefined = all subgraphs run elsewhere: the gateway has no database of its own. */
  services?: Services;
}

/** Returns what opens the queue once; if that fails, the next call tries again. */
function queueOnDemand(base: BaseServices): () => Promise<Jobs> {
  let queue: Promise<Jobs> | undefined;
  return () => {
    queue ??= openQueue(base).catch((error) => {
      queue = undefined;
      throw error;
    });
    return queue;
  };
}

/** Opens the subgraphs that have no URL, with their database, in this process. */
async function openLocalSubgraphs(base: BaseServices): Promise<LocalSubgraphs> {
  const names = subgraphNames.filter((name) => !base.config.subgraphUrls[name]);
  if (names.length === 0) return { local: [], startJobs: async () => {}, queue: queueOnDemand(base) };
  const services = await openServices(base);
  const definitions: Subgraph[] = [];
  for (const name of names) definitions.push(await subgraphs[name]());
  const local = await Promise.all(definitions.map((subgraph) => subgraph.open(services)));
  return { services, local, startJobs: () => workOn(services, local), queue: async () => services.jobs };
}

function dataSourceNamed(dataSources: DataSources, name: string) {
  const dataSource = dataSources.get(name);
  if (!dataSource) throw new ConfigurationError(`The supergraph has a subgraph "${name}" that is not in this build.`);
  return dataSource;
}

/** Opens the gateway and everything behind it. Closed by the lifecycle of the base services. */
export async function openPlatform(base: BaseServices, demo?: Pick<Demo, 'isPending'>): Promise<Platform> {
  const { config, logger, lifecycle, cache, internalSigner, rateLimits, now } = base;
  const { services, local, startJobs, queue } = await openLocalSubgraphs(base);
  const dataSources = createDataSources(base, local);
  const unexpected = unexpectedErrors(base);
  const dataSource = (name: string) => dataSourceNamed(dataSources, name);
  const supergraphSdl = readFileSync(schemaFile('supergraph.graphql'), 'utf8');
  const allowances = createAllowances(base, createPlanLimits(dataSource('billing'), logger));
  const apollo = createApolloServer({
    gateway: createGateway({ supergraphSdl, dataSourceFor: dataSource }),
    logger,
    hasIntrospection: config.traffic.hasIntrospection ?? !config.isProduction,
    isLimited: true,
    unexpected,
    plugins: [
      ...responseCachePlugins(cache),
      countCost(readCostSchema(supergraphSdl), allowances),
      landingPage(config.isProduction, now()),
    ],
  });
  await apollo.start();
  lifecycle.onClose('Gateway', () => apollo.stop());
  const app = await createServer({
    logger,
    isAllowedOrigin: originRule(config),
    trustedProxies: config.traffic.trustedProxies,
    unexpected,
  });
  const authenticate = createAuthenticate(base, dataSource('auth'));
  const operators = createOperators(base, authenticate);
  const limitRequests = createLimitRequests(allowances);
  const limit = limitRoute(limitRequests, authenticate);
  serveGraph(app, apollo, authenticate, LANDING_PAGE_CSP, limitRequests);
  healthRoute(app, config.environment);
  const probes = createSubgraphProbes(base, local, services && createSubgraphReports(services));
  const checks = {
    // It was loaded, or this would not be reached.
    supergraph: { check: async () => {}, isRequired: true },
    ...(services ? processChecks(services, local, { areJobsRequired: false }) : cacheCheck(base)),
    ...remoteChecks(probes),
  };
  const readiness = readyWithDemo(await openReadiness({ checks, logger, lifecycle }), demo?.isPending ?? (() => false));
  readyRoute(app, readiness);
  statusRoute(app, createInstallationReporter(base, probes, readiness, rateLimits), operators);
  metricsRoute(app, allowMetrics(config, operators));
  oauthCallbackRoute(app, dataSource('integrations'), limit);
  oauthReconnectRoute(app, dataSource('integrations'), limit);
  myDataRoute(app, { internalSigner, collect: createCollectPersonalData(base, local), limit });
  mailLinkRoutes(app, dataSource('auth'), limit);
  reportCsvRoute(app, { apollo, authenticate, internalSigner, reporting: dataSource('reporting'), limit });
  auditCsvRoute(app, { apollo, authenticate, limit });
  mailEventsRoute(app, { token: config.mail.bounceToken, queue });
  const record = createRecordOperatorAction(dataSource('auth'), logger);
  jobConsoleRoute(app, { requireOperator: operators.require, queue, record, logger });
  closeGracefully(app, { lifecycle, logger });
  return { app, apollo, operators, local, startJobs };
}
