import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { RecordingTracer } from '#runtime/telemetry/recording-tracer.js';
import { createSampler, type SamplingOptions } from '#runtime/telemetry/sampler.js';

const EVERYTHING: SamplingOptions = { sampler: 'parentbased_always_on', ratio: 1 };

/** Returns a tracer as programs have one, and what it would have sent. */
export function recordSpans(sampling = EVERYTHING) {
  const exporter = new InMemorySpanExporter();
  const processor = new SimpleSpanProcessor(exporter);
  const resource = resourceFromAttributes({ 'service.name': 'webmetrics-test' });
  const tracer = new RecordingTracer({ resource, scope: { name: 'webmetrics' }, processor }, createSampler(sampling));
  return { tracer, exporter };
}
