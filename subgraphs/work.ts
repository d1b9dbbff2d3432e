import { loadConfig } from '#runtime/config/config.js';
import { ConfigurationError } from '#runtime/errors.js';
import { openHealthServer } from '#runtime/health/health-server.js';
import { localUrl } from '#runtime/http/addresses.js';
import { checkPort, listen } from '#runtime/http/listen.js';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { openBaseServices, openServices } from '#runtime/services.js';
import { openTelemetry } from '#runtime/telemetry/open-telemetry.js';
import { type SubgraphName, subgraphNames } from '#schema/type-definitions.js';
import { subgraphs } from './index.js';
import { workOn } from './process/work-on.js';
import { openWorkerServer } from './process/worker-server.js';

// `npm run worker [-- billing reporting] [--port 4005] [--host 0.0.0.0]`: the jobs of all subgraphs, or of those named. With
// a port it answers `/health`, `/ready` and `/metrics`.

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

try {
  const options = readOptions();
  const config = loadConfig({}, subgraphNames);
  const { names, port, host = config.host } = options;
  const logger = createLogger({ level: config.logLevel, name: 'worker' });
  const lifecycle = new Lifecycle(logger);
  await lifecycle.run(async () => {
    if (port !== undefined) await checkPort(host, port, '--port');
    const { environment, healthPort } = config;
    const health = await openHealthServer({ host, port: healthPort, mainPort: port, environment, logger, lifecycle });
    await openTelemetry({ program: 'worker', config, logger, lifecycle });
    const services = await openServices(openBaseServices({ config, logger, lifecycle }));
    const running = await Promise.all(names.map(async (name) => (await subgraphs[name]()).open(services)));
    let probes = '';
    if (port !== undefined) {
      const app = await openWorkerServer(services, running);
      const actualPort = await listen(app, host, port, '--port');
      probes = `: ${localUrl(host, actualPort)}/ready`;
    }
    await workOn(services, running);
    health.markStarted();
    process.stdout.write(`Worker for ${names.join(', ')}${probes}\n`);
  });
} catch (error) {
  exitWith(error);
}
