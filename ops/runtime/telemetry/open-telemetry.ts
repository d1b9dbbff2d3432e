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
 * Starts the metrics of this process and, when an endpoint is set, its tracing. Opened before everything else and so closed
 * last. Returns the tracing; undefined when it is off.
 */
export async function openTelemetry(options: TelemetryOptions): Promise<Tracing | undefined> {
  const { program, config, logger, lifecycle } = options;
  watchProcess();
  nameProcess(program);
  if (!config.otlpEndpoint) return undefined;
  // Loaded only when tracing is on, for the start-up time and memory it takes.
  const { startTracing } = await import('./start-tracing.js');
  const { otlpEndpoint: endpoint, environment, sampling } = config;
  const tracing = startTracing({ program, endpoint, environment, sampling, logger });
  lifecycle.onClose('Traces', () => tracing.stop());
  return tracing;
}
