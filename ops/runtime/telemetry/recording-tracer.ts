import { type Attributes, type SpanContext, TraceFlags } from '@opentelemetry/api';
import type { Span } from '#runtime/scope/scope.js';
import type { SpanKindName, Tracer } from '#runtime/scope/spans.js';
import { RecordedSpan, type SpanOrigin } from './recorded-span.js';
import type { Sample } from './sampler.js';

/** Eight characters of an id. Not a secret, and never all zero: that would be no id. */
const part = () => (1 + Math.floor(Math.random() * 0xffffffff)).toString(16).padStart(8, '0');

/** Makes spans that go to OpenTelemetry's processors once they have ended (decision 0034). */
export class RecordingTracer implements Tracer {
  readonly #origin: SpanOrigin;
  readonly #sample: Sample;

  constructor(origin: SpanOrigin, sample: Sample) {
    this.#origin = origin;
    this.#sample = sample;
  }

  startSpan(
    name: string,
    kind: SpanKindName,
    attributes: Attributes | undefined,
    parent: SpanContext | undefined,
  ): Span {
    const traceId = parent?.traceId ?? part() + part() + part() + part();
    const traceFlags = this.#sample(traceId, parent) ? TraceFlags.SAMPLED : TraceFlags.NONE;
    return new RecordedSpan(
      this.#origin,
      name,
      kind,
      attributes,
      { traceId, spanId: part() + part(), traceFlags },
      parent,
    );
  }
}
