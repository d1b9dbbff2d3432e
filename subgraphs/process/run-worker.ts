import { openWatch } from '#runtime/alerts/open-watch.js';
import { loadConfig } from '#runtime/config/config.js';
import { ConfigurationError } from '#runtime/errors.js';
import { openHealthServer } from '#runtime/health/health-server.js';
import { localUrl } from '#runtime/http/addresses.js';
import { checkPort, listen } from '#runtime/http/listen.js';
import { createLogger } from '#runtime/log/logger.js';
import { readCommandLine } from '#runtime/process/command-line.js';
import { failStart } from '#runtime/process/fail-start.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { greet, logStart, logStarted } from '#runtime/process/log-start.js';
import { openBaseServices, openServices } from '#runtime/services.js';
import { openTelemetry } from '#runtime/telemetry/open-telemetry.js';
import { type SubgraphName, subgraphNames } from '#schema/type-definitions.js';
import { subgraphs } from '#subgraphs/index.js';
import { openProcessReadiness } from './process-checks.js';
import { workOn } from './work-on.js';
import { openWorkerServer } from './worker-server.js';

function readOptions() {
  const { flags, words } = readCommandLine({ port: { type: 'string' }, host: { type: 'string' } });
  const unknown = words.find((word) => !subgraphNames.includes(word as SubgraphName));
  if (unknown) throw new ConfigurationError(`There is no subgraph ${unknown}: there are ${subgraphNames.join(', ')}.`);
  const port = flags.port === undefined ? undefined : Number(flags.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65535))
    throw new ConfigurationError(`--port ${flags.port} is not a port number.`);
  const names = words.length > 0 ? (words as SubgraphName[]) : [...subgraphNames];
  return { names, port, host: flags.host };
}

/** Runs `npm run worker` with this process's command line and settings until it stops. A start that fails ends the process with status 1. */
export async function runWorker(): Promise<void> {
  try {
    const { names, port, host: givenHost } = readOptions();
    const config = loadConfig({}, subgraphNames);
    const host = givenHost ?? config.host;
    const logger = createLogger({ level: config.logLevel, name: 'worker' });
    const lifecycle = new Lifecycle(logger);
    await lifecycle.run(async () => {
      logStart({ program: 'worker', config, logger, port, parts: { jobsOf: names } });
      if (port !== undefined) await checkPort(host, port, '--port');
      const { environment, healthPort } = config;
      const health = await openHealthServer({ host, port: healthPort, mainPort: port, environment, logger, lifecycle });
      await openTelemetry({ program: 'worker', config, logger, lifecycle });
      const services = await openServices(openBaseServices({ config, logger, lifecycle }));
      const running = await Promise.all(names.map(async (name) => (await subgraphs[name]()).open(services)));
      const readiness = await openProcessReadiness(services, running, { areJobsRequired: true });
      let actualPort: number | undefined;
      if (port !== undefined) {
        const app = await openWorkerServer(services, running, readiness);
        actualPort = await listen(app, host, port, '--port');
      }
      await workOn(services, running);
      openWatch(services, { readiness, databaseUrl: services.databaseUrl, runsJobs: true });
      health.markStarted();
      const url = actualPort === undefined ? undefined : localUrl(host, actualPort);
      logStarted({ program: 'worker', logger, port: actualPort }, url);
      greet(`Worker for ${names.join(', ')}${url ? `: ${url}/ready` : ''}\n`, config);
    });
  } catch (error) {
    failStart(error, 'worker');
  }
}
