import type { Config } from '#runtime/config/config.js';
import type { Logger } from '#runtime/log/logger.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { nameProcess, watchProcess } from './observe-process.js';
import type { Tracing } from './start-tracing.js';

export interface TelemetryOptions {
  /** `gateway`, `worker`, or the name of a subgraph. */
  program: string;
  config: Config;
  logger: Logger;
  lifecycle: Lifecycle;
}

/**
 * Shows this process in the figures from now on and, where an endpoint is set, makes traces and sends them there. Opened
 * before everything else, and so closed, with what is not sent yet, after it. Returns the traces; undefined = none are made.
 */
export async function openTelemetry(options: TelemetryOptions): Promise<Tracing | undefined> {
  const { program, config, logger, lifecycle } = options;
  watchProcess();
  nameProcess(program);
  if (!config.otlpEndpoint) return undefined;
  // Loaded only where traces are wanted: it takes time to load, and memory.
  const { startTracing } = await import('./start-tracing.js');
  const { otlpEndpoint: endpoint, environment, sampling } = config;
  const tracing = startTracing({ program, endpoint, environment, sampling, logger });
  lifecycle.onClose('Traces', () => tracing.stop());
  return tracing;
}
