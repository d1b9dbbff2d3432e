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
import { openSubgraphServer } from './subgraph-server.js';
import { workOn } from './work-on.js';

const FIRST_PORT = 4001;

function readOptions() {
  const { flags, words } = readCommandLine({
    port: { type: 'string' },
    host: { type: 'string' },
    'no-jobs': { type: 'boolean' },
  });
  const name = words[0] as SubgraphName;
  const index = subgraphNames.indexOf(name);
  if (index < 0 || words.length > 1) throw new ConfigurationError(`Say which subgraph: ${subgraphNames.join(', ')}.`);
  const port = Number(flags.port ?? FIRST_PORT + index);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new ConfigurationError(`--port ${flags.port} is not a port number.`);
  return { name, port, host: flags.host, hasJobs: !flags['no-jobs'] };
}

/** Runs `npm run serve` with this process's command line and settings until it stops. A start that fails ends the process with status 1. */
export async function serveSubgraph(): Promise<void> {
  let program: string | undefined;
  try {
    const { name, port, host: givenHost, hasJobs } = readOptions();
    program = name;
    const config = loadConfig({}, subgraphNames);
    const host = givenHost ?? config.host;
    const logger = createLogger({ level: config.logLevel, name });
    const lifecycle = new Lifecycle(logger, { stopDelayMs: config.stopDelayMs });
    await lifecycle.run(async () => {
      logStart({ program: name, config, logger, port, parts: { runsJobs: hasJobs } });
      await checkPort(host, port, '--port');
      const { environment, healthPort } = config;
      const health = await openHealthServer({ host, port: healthPort, mainPort: port, environment, logger, lifecycle });
      await openTelemetry({ program: name, config, logger, lifecycle });
      const services = await openServices(openBaseServices({ config, logger, lifecycle }));
      const running = await (await subgraphs[name]()).open(services);
      const readiness = await openProcessReadiness(services, [running], { areJobsRequired: false });
      const app = await openSubgraphServer(services, running, readiness);
      const actualPort = await listen(app, host, port, '--port');
      // Registered after the server and hence closed before it: a job calls the gateway, which calls this subgraph.
      if (hasJobs) await workOn(services, [running]);
      openWatch(services, { readiness, databaseUrl: services.databaseUrl, runsJobs: hasJobs });
      health.markStarted();
      const url = `${localUrl(host, actualPort)}/graphql`;
      logStarted({ program: name, logger, port: actualPort }, url);
      greet(`Subgraph ${name}: ${url}\n`, config);
    });
  } catch (error) {
    failStart(error, program);
  }
}
