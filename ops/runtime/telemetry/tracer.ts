import { type Context, ROOT_CONTEXT, type Span, SpanKind, TraceFlags, trace } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  type BasicTracerProvider,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node';
import type { SamplingOptions } from '#runtime/config/operations-config.js';
import type { Tracer } from '#runtime/scope/spans.js';

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

// https://www.w3.org/TR/trace-context/#traceparent-header: later versions may append to these four parts.
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

function contextOf(parent: Span | string | undefined): Context {
  if (typeof parent !== 'string') return parent ? trace.setSpan(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
  const [, traceId, spanId, flags] = TRACEPARENT.exec(parent) ?? [];
  if (!traceId || !spanId || !flags) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

/** Returns the sampler of this name: by default every trace that begins here is recorded, and others as their caller decided. */
export function createSampler({ sampler, ratio }: SamplingOptions): Sampler {
  const samplers = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(ratio),
  };
  const root = samplers[sampler.replace('parentbased_', '') as keyof typeof samplers]();
  return sampler.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}

/** Returns a tracer of the SDK. It is not registered globally: libraries such as Apollo Gateway would make spans of their own. */
export function createTracer(provider: BasicTracerProvider): Tracer {
  const tracer = provider.getTracer('webmetrics');
  return {
    startSpan: (name, { kind, attributes, parent }) =>
      tracer.startSpan(name, { kind: kinds[kind], attributes }, contextOf(parent)),
  };
}
