import { loadConfig } from '#runtime/config/config.js';
import { makeDataDir } from '#runtime/config/data-dir.js';
import { openHealthServer } from '#runtime/health/health-server.js';
import { localUrl } from '#runtime/http/addresses.js';
import { checkPort, listen } from '#runtime/http/listen.js';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith } from '#runtime/process/command-line.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { openBaseServices } from '#runtime/services.js';
import { openTelemetry } from '#runtime/telemetry/open-telemetry.js';
import { subgraphNames } from '#schema/type-definitions.js';
import { openDemo } from './demo/demo.js';
import { openSimulator } from './demo/open-simulator.js';
import { welcome } from './demo/welcome.js';
import { openPlatform } from './platform.js';

// `npm start`: the gateway, and every subgraph without a URL.
try {
  const config = loadConfig({}, subgraphNames);
  const logger = createLogger({ level: config.logLevel });
  const lifecycle = new Lifecycle(logger, { stopDelayMs: config.stopDelayMs });
  await lifecycle.run(async () => {
    const { host, port, environment } = config;
    await checkPort(host, port, 'PORT');
    const health = await openHealthServer({
      host,
      port: config.healthPort,
      mainPort: port,
      environment,
      logger,
      lifecycle,
    });
    await openTelemetry({ program: 'gateway', config, logger, lifecycle });
    if (!config.isProduction) makeDataDir(config.dataDir);
    let listeningUrl: string | undefined;
    const simulatorUrl = await openSimulator(config, lifecycle);
    const base = openBaseServices({ config, logger, lifecycle, simulatorUrl, listeningUrl: () => listeningUrl });
    const demo = openDemo(base, config.hasDemoData && simulatorUrl !== undefined);
    const { app, operators, startJobs } = await openPlatform(base, demo);
    const actualPort = await listen(app, host, port, 'PORT');
    health.markStarted();
    listeningUrl = localUrl(host, actualPort);
    await startJobs();
    const prepared = await demo.prepare(listeningUrl);
    if (lifecycle.isStopping) return;
    if (prepared?.organizationId) operators.admit(prepared.organizationId);
    process.stdout.write(
      welcome({ url: base.publicUrl(), simulatorUrl, demo: prepared, config, operatorToken: base.operatorToken }),
    );
  });
} catch (error) {
  exitWith(error);
}
