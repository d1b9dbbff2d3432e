import { setTimeout as wait } from 'node:timers/promises';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { Logger } from '#runtime/log/logger.js';
import { useTracer } from '#runtime/scope/spans.js';
import { RecordingTracer } from './recording-tracer.js';
import { ReportingExporter } from './reporting-exporter.js';
import { createSampler, type SamplingOptions } from './sampler.js';

export interface TracingOptions {
  /** Traces are those of the service `webmetrics-<program>`. */
  program: string;
  /** Of the collector, without `/v1/traces`. */
  endpoint: string;
  environment: string;
  sampling: SamplingOptions;
  logger: Logger;
}

const EXPORT_TIMEOUT_MS = 5_000;
const FLUSH_TIMEOUT_MS = 3_000;
const EXPORT_EVERY_MS = 2_000;
/** What waits to be sent while the collector is away; what is beyond is dropped. */
const MAX_WAITING = 4_096;
const MAX_BATCH = 512;

/** Traces that are being made. */
export interface Tracing {
  /** Sends what waits. */
  flush(): Promise<void>;
  /** Makes no more traces. What waits is sent, if that is quick. */
  stop(): Promise<void>;
}

/** Makes traces from now on and sends them in batches. */
export function startTracing({ program, endpoint, environment, sampling, logger }: TracingOptions): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: EXPORT_TIMEOUT_MS });
  const processor = new BatchSpanProcessor(new ReportingExporter(exporter, endpoint, logger), {
    scheduledDelayMillis: EXPORT_EVERY_MS,
    exportTimeoutMillis: EXPORT_TIMEOUT_MS,
    maxQueueSize: MAX_WAITING,
    maxExportBatchSize: MAX_BATCH,
  });
  const resource = resourceFromAttributes({
    'service.name': `webmetrics-${program}`,
    'service.namespace': 'webmetrics',
    'deployment.environment.name': environment,
  });
  // Not registered for the libraries in this process: spans are made by hand where they say something (decision 0014).
  useTracer(new RecordingTracer({ resource, scope: { name: 'webmetrics' }, processor }, createSampler(sampling)));
  const stop = async () => {
    useTracer(undefined);
    const timer = new AbortController();
    const timeout = wait(FLUSH_TIMEOUT_MS, undefined, { signal: timer.signal }).catch(() => {});
    await Promise.race([processor.shutdown().catch(() => {}), timeout]);
    timer.abort();
  };
  return { flush: () => processor.forceFlush(), stop };
}
