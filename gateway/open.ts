import { readFileSync } from 'node:fs';
import { AppError, ConfigurationError } from '#runtime/errors.js';
import { healthRoute } from '#runtime/health/health-route.js';
import { listeningHost, localUrl } from '#runtime/http/addresses.js';
import { closeGracefully } from '#runtime/http/close-server.js';
import { listen } from '#runtime/http/listen.js';
import { anonymous } from '#runtime/identity/identity.js';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { HttpDataSource } from './federation/data-sources/http.js';
import { shareFetches } from './federation/data-sources/share-fetches.js';
import { createGateway } from './federation/supergraph.js';
import { createAdmission } from './graph/admit-request.js';
import { createApolloServer } from './graph/apollo.js';
import { trackGenerations } from './graph/generations.js';
import { serveGraph } from './graph/serve-graph.js';
import { createServer } from './http/server.js';
import { shedLoad } from './limits/shed-load.js';

// `npm run gateway -- --supergraph <file|url> --port <n> --profile open`: this gateway over any supergraph, without
// credentials or limits, for conformance suites.

const BODY_LIMIT_BYTES = 16 * 1024 * 1024;
const FETCH_TIMEOUT_MS = 10_000;

async function readSupergraph(source: string): Promise<string> {
  try {
    if (!/^https?:\/\//.test(source)) return readFileSync(source, 'utf8');
    const response = await fetch(source, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return await response.text();
  } catch (cause) {
    throw new ConfigurationError(`The supergraph ${source} cannot be read: ${(cause as Error).message}.`, { cause });
  }
}

function readOptions() {
  const { flags } = readCommandLine({
    supergraph: { type: 'string' },
    port: { type: 'string' },
    host: { type: 'string' },
    profile: { type: 'string' },
  });
  const { supergraph, port = '4000', host = 'localhost', profile = 'open' } = flags;
  if (!supergraph) throw new ConfigurationError('Say which supergraph: --supergraph <file or URL>.');
  if (profile !== 'open')
    throw new ConfigurationError(`There is no profile "${profile}": the one for any supergraph is "open".`);
  if (!/^\d+$/.test(port) || Number(port) > 65535) throw new ConfigurationError(`--port ${port} is not a port number.`);
  return { supergraph, port: Number(port), host: listeningHost(host) };
}

try {
  const { supergraph, port, host } = readOptions();
  const logger = createLogger({ level: 'warn' });
  const lifecycle = new Lifecycle(logger);
  await lifecycle.run(async () => {
    const app = await createServer({ logger, isAllowedOrigin: () => true, bodyLimitBytes: BODY_LIMIT_BYTES });
    closeGracefully(app, { lifecycle, logger });
    let isLoaded = false;
    healthRoute(app, 'open', () => isLoaded);
    const supergraphSdl = await readSupergraph(supergraph);
    const dataSourceFor = (name: string, url: string | undefined) => {
      if (!url) throw new ConfigurationError(`The supergraph gives no URL for the subgraph ${name}.`);
      const dataSource = new HttpDataSource({ name, url, logger });
      lifecycle.onClose(`Connections to ${name}`, () => dataSource.close());
      return shareFetches(dataSource);
    };
    const gateway = createGateway({ supergraphSdl, dataSourceFor });
    const apollo = createApolloServer({
      gateway,
      logger,
      hasIntrospection: true,
      isLimited: false,
      plugins: [trackGenerations()],
    });
    const authenticate = async (_authorization: string | undefined, requestId: string) => {
      if (!isLoaded) throw new AppError('The supergraph is still being loaded.', 'SUBGRAPH_UNAVAILABLE');
      return anonymous(requestId);
    };
    const admission = createAdmission(authenticate, { takeTurn: shedLoad(app, { logger, lifecycle }) });
    serveGraph(app, apollo, admission);
    const actualPort = await listen(app, host, port, '--port');
    await apollo.start().catch((cause: Error) => {
      throw new ConfigurationError(`The supergraph ${supergraph} cannot be used: ${cause.message}`, { cause });
    });
    lifecycle.onClose('Gateway', () => apollo.stop());
    isLoaded = true;
    process.stdout.write(`Gateway for ${supergraph}: ${localUrl(host, actualPort)}/graphql\n`);
  });
} catch (error) {
  exitWith(error);
}
