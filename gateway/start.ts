import cluster from 'node:cluster';
import { loadConfig } from '#runtime/config/config.js';
import { createLogger } from '#runtime/log/logger.js';
import { failStart } from '#runtime/process/fail-start.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { subgraphNames } from '#schema/type-definitions.js';

// For a gateway process to close, of which Lifecycle gives 80 % to closing in order.
const PROCESS_CLOSES_WITHIN_MS = 30_000;
const IN_ORDER_SHARE = 0.8;

/** Runs the gateway by this process's settings until it stops: as one process, or the first or another one of several. */
export async function start(): Promise<void> {
  try {
    const config = loadConfig({}, subgraphNames);
    const isOneOfSeveral = config.gatewayProcesses > 1;
    const part = cluster.worker?.id ?? 'primary';
    const logger = createLogger({ level: config.logLevel, process: isOneOfSeveral ? part : undefined });
    if (isOneOfSeveral && cluster.isPrimary) {
      const closeWithinMs = (config.stopDelayMs + PROCESS_CLOSES_WITHIN_MS) / IN_ORDER_SHARE;
      const lifecycle = new Lifecycle(logger, { closeWithinMs });
      const { runProcesses } = await import('./processes/run-processes.js');
      await lifecycle.run(() => runProcesses({ config, logger, lifecycle }));
    } else {
      const lifecycle = new Lifecycle(logger, { stopDelayMs: config.stopDelayMs });
      const { runGateway } = await import('./run-gateway.js');
      await lifecycle.run(() => runGateway({ config, logger, lifecycle }));
    }
  } catch (error) {
    failStart(error);
  }
}
