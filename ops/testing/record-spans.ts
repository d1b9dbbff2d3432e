import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { SamplingOptions } from '#runtime/config/operations-config.js';
import { createSampler, createTracer } from '#runtime/telemetry/tracer.js';

const EVERYTHING: SamplingOptions = { sampler: 'parentbased_always_on', ratio: 1 };

/** Returns a tracer and what it would have sent. */
export function recordSpans(sampling = EVERYTHING) {
  const exporter = new InMemorySpanExporter();
  const resource = resourceFromAttributes({ 'service.name': 'webmetrics-test' });
  const provider = new BasicTracerProvider({
    resource,
    sampler: createSampler(sampling),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  return { tracer: createTracer(provider), exporter };
}
