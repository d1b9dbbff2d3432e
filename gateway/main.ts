import cluster from 'node:cluster';
import { loadConfig } from '#runtime/config/config.js';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith } from '#runtime/process/command-line.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { subgraphNames } from '#schema/type-definitions.js';

// For a gateway process to close, of which Lifecycle gives 80 % to closing in order.
const PROCESS_CLOSES_WITHIN_MS = 30_000;
const IN_ORDER_SHARE = 0.8;

// `npm start`: the gateway, in one process or several, and every subgraph without a URL.
try {
  const config = loadConfig({}, subgraphNames);
  const logger = createLogger({ level: config.logLevel });
  if (config.gatewayProcesses > 1 && cluster.isPrimary) {
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
  exitWith(error);
}
