import { openPlatform } from '#gateway/platform.js';
import { type Watching, watch } from '#ops/bench/operations/watching-switch.js';
import { parseConfig } from '#runtime/config/config.js';
import { openHealthServer } from '#runtime/health/health-server.js';
import { listen } from '#runtime/http/listen.js';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { openBaseServices } from '#runtime/services.js';
import { openTelemetry } from '#runtime/telemetry/open-telemetry.js';
import type { GatewayAnswer, GatewayOptions } from './gateway-process.js';

const report = (answer: GatewayAnswer) => void process.send?.(answer);

/** Serves WebMetrics as `npm start` does, without jobs; the parent asks for CPU time and changes the telemetry. */
export async function serveBenchGateway({ settings, watching }: GatewayOptions): Promise<void> {
  const config = parseConfig(settings);
  const logger = createLogger({ level: config.logLevel, isPretty: false });
  const lifecycle = new Lifecycle(logger);
  await lifecycle.run(async () => {
    const { host, port, environment } = config;
    const health = await openHealthServer({
      host,
      port: config.healthPort,
      mainPort: port,
      environment,
      logger,
      lifecycle,
    });
    const tracing = await openTelemetry({ program: 'gateway', config, logger, lifecycle });
    let listeningUrl: string | undefined;
    const base = openBaseServices({ config, logger, lifecycle, listeningUrl: () => listeningUrl });
    const { app } = await openPlatform(base);
    const actualPort = await listen(app, host, port, 'PORT');
    health.markStarted();
    listeningUrl = `http://${host}:${actualPort}`;
    process.on('message', async (next: Watching | 'as before' | 'send') => {
      if (next === 'send') await tracing?.flush();
      else if (next !== 'as before') watch(next);
      const { user, system } = process.cpuUsage();
      report({ cpuMs: (user + system) / 1_000 });
    });
    watch(watching);
    // The parent exited.
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
    report({ url: listeningUrl, healthUrl: `http://${host}:${health.port}` });
  });
}
