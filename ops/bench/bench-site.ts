import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { HttpClient, type OutboundRequest, type OutboundResponse } from '#runtime/http/http-client.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { type GatewayProcess, startGatewayProcess } from './gateway/gateway-process.js';
import type { Watching } from './operations/watching-switch.js';
import { makeDataFolder, startPostgres } from './temporary-database.js';

const TIMEOUT_MS = 180_000;

/** An HTTP client for requests that queue for long. */
export class LongTimeoutHttpClient extends HttpClient {
  override send(request: OutboundRequest): Promise<OutboundResponse> {
    return super.send({ ...request, timeoutMs: TIMEOUT_MS });
  }
}

/** What the gateway processes share: database, secrets and simulator. */
export interface BenchSite {
  folder: string;
  databaseUrl: string;
  simulatorUrl: string;
  /** Starts a gateway with this telemetry; without `collectorUrl` there are no traces. */
  startGateway(watching: Watching, collectorUrl?: string): Promise<GatewayProcess>;
  /** The log file of the gateways started with this telemetry. */
  logFileOf(watching: Watching): string;
  startWorker(): void;
}

const SIMULATOR = fileURLToPath(new URL('../simulator/main.js', import.meta.url));
const WORKER = fileURLToPath(new URL('../../subgraphs/work.js', import.meta.url));

/** Starts the simulator in its own process and returns its URL. */
export async function startSimulatorProcess(lifecycle: Lifecycle): Promise<string> {
  const child = spawn(process.execPath, [SIMULATOR, '--port', '0', '--quiet'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  lifecycle.onClose('Simulator', async () => {
    const ended = once(child, 'exit');
    if (child.kill('SIGTERM')) await ended;
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return line.slice(line.indexOf('http'));
}

/** Opens a site until `lifecycle` closes. */
export async function openBenchSite(lifecycle: Lifecycle): Promise<BenchSite> {
  const folder = makeDataFolder(lifecycle);
  const databaseUrl = await startPostgres(lifecycle, folder);
  const simulatorUrl = await startSimulatorProcess(lifecycle);
  const logFileOf = (watching: Watching) => join(folder, `${watching}.log`);
  const shared = {
    NODE_ENV: 'test',
    DATA_DIR: folder,
    DATABASE_URL: databaseUrl,
    SIMULATOR_URL: simulatorUrl,
    // Slow answers on a busy machine are measured, too.
    PROVIDER_TIMEOUT_MS: '60000',
  };
  const startGateway = async (watching: Watching, collectorUrl?: string) => {
    const settings = {
      ...shared,
      HOST: '127.0.0.1',
      PORT: '0',
      HEALTH_PORT: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl,
      RATE_LIMIT_ANONYMOUS: '0',
      RATE_LIMIT_SIGNED_IN: '0',
    };
    const gateway = await startGatewayProcess({ settings, watching }, logFileOf(watching));
    lifecycle.onClose(`Gateway with ${watching}`, () => gateway.stop());
    return gateway;
  };
  const startWorker = () => {
    const worker = spawn(process.execPath, [WORKER], { env: shared, stdio: 'ignore' });
    lifecycle.onClose('Worker', async () => {
      const ended = once(worker, 'exit');
      if (worker.kill('SIGTERM')) await ended;
    });
  };
  return { folder, databaseUrl, simulatorUrl, startGateway, logFileOf, startWorker };
}
