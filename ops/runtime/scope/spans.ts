import type { Attributes } from '@opentelemetry/api';
import { currentScope, type Span, withScope } from './scope.js';

/** The role of a span: a request taken or sent, a job, or work of this process. */
export type SpanKindName = 'server' | 'client' | 'consumer' | 'internal';

export interface SpanOptions {
  /** Named after the semantic conventions of OpenTelemetry. */
  attributes?: Attributes;
  /** Default: `internal`. */
  kind?: SpanKindName;
  /** The parent span, or its W3C `traceparent`; undefined = the span that runs now. */
  parent?: Span | string;
}

/** Makes spans. */
export interface Tracer {
  /** Begins a trace of its own when `parent` is undefined or no valid `traceparent`. */
  startSpan(
    name: string,
    options: { kind: SpanKindName; attributes: Attributes | undefined; parent: Span | string | undefined },
  ): Span;
}

let tracer: Tracer | undefined;

/** Traces with this tracer from now on; undefined = no longer. Without one every function here costs a comparison. */
export function useTracer(given: Tracer | undefined): void {
  tracer = given;
}

// Kept in our scope and not in OpenTelemetry's context, which libraries share: Apollo Gateway would add nine spans to a
// dashboard that repeat ours.
const runningSpan = () => currentScope().span;

/** Starts a span that the caller ends; undefined when tracing is off. */
export function startSpan(name: string, { attributes, kind = 'internal', parent }: SpanOptions = {}): Span | undefined {
  return tracer?.startSpan(name, { kind, attributes, parent: parent ?? runningSpan() });
}

/** Runs `work` with `span` as the parent of the spans it starts. */
export function withSpan<Result>(span: Span | undefined, work: () => Result): Result {
  if (!span) return work();
  return withScope({ ...currentScope(), span }, work);
}

// SpanStatusCode.ERROR, without loading OpenTelemetry where tracing is off.
const ERROR = 2;

/** Marks a span as failed. Only the type of an error is recorded: its message may contain what users typed. */
export function failSpan(span: Span | undefined, errorType: string): void {
  span?.setAttribute('error.type', errorType).setStatus({ code: ERROR });
}

/** Returns the type of an error for traces and metrics: its code, or its class. */
export function errorTypeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return String(code ?? name ?? 'error');
}

/** Runs `work` in a span, which ends with it and fails when it rejects. */
export async function inSpan<Result>(
  name: string,
  options: SpanOptions,
  work: (span: Span | undefined) => Promise<Result>,
): Promise<Result> {
  const span = startSpan(name, options);
  if (!span) return work(undefined);
  try {
    return await withSpan(span, () => work(span));
  } catch (error) {
    failSpan(span, errorTypeOf(error));
    throw error;
  } finally {
    span.end();
  }
}

/** Returns the W3C `traceparent` of a span. */
export function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-0${traceFlags.toString(16)}`;
}

/** Returns the W3C `traceparent` of the span that runs now; undefined when there is none. */
export function currentTraceparent(): string | undefined {
  const span = tracer && runningSpan();
  return span && traceparentOf(span);
}

/** Returns the id of the trace that runs now, for log lines; undefined when there is none. */
export function currentTraceId(): string | undefined {
  return tracer && runningSpan()?.spanContext().traceId;
}

/** Returns whether tracing is on. */
export function isTracing(): boolean {
  return tracer !== undefined;
}
