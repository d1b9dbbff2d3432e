import cluster from 'node:cluster';
import type { Config } from '#runtime/config/config.js';
import { makeDataDir } from '#runtime/config/data-dir.js';
import { openDatabaseServer } from '#runtime/database/database-server.js';
import { openHealthServer } from '#runtime/health/health-server.js';
import { localUrl } from '#runtime/http/addresses.js';
import { checkPort, listen } from '#runtime/http/listen.js';
import type { Logger } from '#runtime/log/logger.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { greet, logStart, logStarted } from '#runtime/process/log-start.js';
import { openTelemetry } from '#runtime/telemetry/open-telemetry.js';
import { openSimulator } from './demo/open-simulator.js';
import { reportReady } from './processes/worker-messages.js';

export interface GatewayOptions {
  config: Config;
  logger: Logger;
  lifecycle: Lifecycle;
}

/**
 * Runs the gateway, and every subgraph without a URL, until the lifecycle closes. Where it is one of several processes, the
 * primary one has checked the port, answers probes and prints the welcome.
 */
export async function runGateway({ config, logger, lifecycle }: GatewayOptions): Promise<void> {
  const { host, port, environment } = config;
  logStart({ program: 'gateway', config, logger, port });
  if (!cluster.isWorker) await checkPort(host, port, 'PORT');
  const health = await openHealthServer({
    host,
    port: cluster.isWorker ? undefined : config.healthPort,
    mainPort: port,
    environment,
    logger,
    lifecycle,
  });
  await openTelemetry({ program: 'gateway', config, logger, lifecycle });
  if (!config.isProduction) makeDataDir(config.dataDir);
  // Start while the modules of the gateway are loaded, which takes most of a start.
  const simulator = openSimulator(config, lifecycle);
  const databaseServer = openDatabaseServer({ config, lifecycle });
  for (const starting of [simulator, databaseServer]) starting.catch(() => {});
  const [{ openBaseServices }, { openWatch }, { openDemo }, { welcome }, { openPlatform }] = await Promise.all([
    import('#runtime/services.js'),
    import('#runtime/alerts/open-watch.js'),
    import('./demo/demo.js'),
    import('./demo/welcome.js'),
    import('./platform.js'),
  ]);
  let listeningUrl: string | undefined;
  const simulatorUrl = await simulator;
  const base = openBaseServices({
    config,
    logger,
    lifecycle,
    simulatorUrl,
    databaseServer,
    listeningUrl: () => listeningUrl,
  });
  const demo = openDemo(base, config.hasDemoData && simulatorUrl !== undefined);
  const { app, operators, readiness, databaseUrl, startJobs } = await openPlatform(base, demo);
  const actualPort = await listen(app, host, port, 'PORT');
  health.markStarted();
  listeningUrl = localUrl(host, actualPort);
  // Before the jobs, which would delay it: what they do for it is there soon after.
  const prepared = await demo.prepare(listeningUrl);
  if (lifecycle.isStopping) return;
  const [subscription] = await Promise.all([demo.subscription(listeningUrl), startJobs()]);
  openWatch(base, { readiness, databaseUrl });
  const isListening = () => logStarted({ program: 'gateway', logger, port: actualPort }, listeningUrl);
  if (cluster.isWorker) {
    isListening();
    return reportReady(actualPort);
  }
  if (prepared?.organizationId) operators.admit(prepared.organizationId);
  isListening();
  const { operatorToken } = base;
  greet(welcome({ url: base.publicUrl(), simulatorUrl, demo: prepared, subscription, config, operatorToken }), config);
  void demo.complete();
}
