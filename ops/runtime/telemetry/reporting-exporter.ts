import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { Logger } from '#runtime/log/logger.js';

type Done = Parameters<SpanExporter['export']>[1];

/** Hands spans on, and says once when they can no longer be sent and once when they can again. */
export class ReportingExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #endpoint: string;
  readonly #logger: Logger;
  #isAway = false;

  constructor(exporter: SpanExporter, endpoint: string, logger: Logger) {
    this.#exporter = exporter;
    this.#endpoint = endpoint;
    this.#logger = logger;
  }

  export(spans: ReadableSpan[], done: Done): void {
    this.#exporter.export(spans, (result) => {
      // 0 = success in ExportResultCode, which this package does not export.
      const isAway = result.code !== 0;
      if (isAway && !this.#isAway) {
        const fields = { err: result.error, endpoint: this.#endpoint };
        this.#logger.warn(fields, 'Traces cannot be sent: they are dropped until the collector is back');
      }
      if (!isAway && this.#isAway) this.#logger.info({ endpoint: this.#endpoint }, 'Traces can be sent again');
      this.#isAway = isAway;
      done(result);
    });
  }

  async forceFlush(): Promise<void> {
    await this.#exporter.forceFlush?.();
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }
}
