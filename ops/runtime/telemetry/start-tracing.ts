import { setTimeout as wait } from 'node:timers/promises';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node';
import type { SamplingOptions } from '#runtime/config/operations-config.js';
import type { Logger } from '#runtime/log/logger.js';
import { useTracer } from '#runtime/scope/spans.js';
import { createSampler, createTracer } from './tracer.js';

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
/** Spans queued while the collector is away; more are dropped. */
const MAX_QUEUED = 4_096;
const MAX_BATCH = 512;

type ExportCallback = Parameters<SpanExporter['export']>[1];

/** Exports spans with another exporter, and logs once when that begins to fail and once when it works again. */
class ReportingExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #endpoint: string;
  readonly #logger: Logger;
  #isFailing = false;

  constructor(exporter: SpanExporter, endpoint: string, logger: Logger) {
    this.#exporter = exporter;
    this.#endpoint = endpoint;
    this.#logger = logger;
  }

  export(spans: ReadableSpan[], callback: ExportCallback): void {
    this.#exporter.export(spans, (result) => {
      // 0 = success in ExportResultCode.
      const isFailing = result.code !== 0;
      if (isFailing && !this.#isFailing) {
        const fields = { err: result.error, endpoint: this.#endpoint };
        this.#logger.warn(fields, 'Traces cannot be sent: they are dropped until the collector is back');
      }
      if (!isFailing && this.#isFailing) this.#logger.info({ endpoint: this.#endpoint }, 'Traces can be sent again');
      this.#isFailing = isFailing;
      callback(result);
    });
  }

  async forceFlush(): Promise<void> {
    await this.#exporter.forceFlush?.();
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }
}

export interface Tracing {
  flush(): Promise<void>;
  /** Ends tracing. Queued spans are sent within three seconds, or dropped. */
  stop(): Promise<void>;
}

/** Traces this process from now on, and sends spans in batches over OTLP/HTTP. */
export function startTracing({ program, endpoint, environment, sampling, logger }: TracingOptions): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: EXPORT_TIMEOUT_MS });
  const processor = new BatchSpanProcessor(new ReportingExporter(exporter, endpoint, logger), {
    scheduledDelayMillis: EXPORT_EVERY_MS,
    exportTimeoutMillis: EXPORT_TIMEOUT_MS,
    maxQueueSize: MAX_QUEUED,
    maxExportBatchSize: MAX_BATCH,
  });
  const resource = resourceFromAttributes({
    'service.name': `webmetrics-${program}`,
    'service.namespace': 'webmetrics',
    'deployment.environment.name': environment,
  });
  const provider = new BasicTracerProvider({
    resource,
    sampler: createSampler(sampling),
    spanProcessors: [processor],
  });
  useTracer(createTracer(provider));
  const stop = async () => {
    useTracer(undefined);
    const timer = new AbortController();
    const timeout = wait(FLUSH_TIMEOUT_MS, undefined, { signal: timer.signal }).catch(() => {});
    await Promise.race([provider.shutdown().catch(() => {}), timeout]);
    timer.abort();
  };
  return { flush: () => provider.forceFlush(), stop };
}
