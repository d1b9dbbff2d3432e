import type { Attributes, SpanContext } from '@opentelemetry/api';
import { currentScope, type Span, withScope } from './scope.js';

/** Whether somebody waits for somebody else: a request taken or sent, a job, or work of our own. */
export type SpanKindName = 'server' | 'client' | 'consumer' | 'internal';

export interface SpanOptions {
  /** What it is about; names after the semantic conventions of OpenTelemetry. */
  attributes?: Attributes;
  /** Default: work of our own. */
  kind?: SpanKindName;
  /** What it is a part of; undefined = what runs now. A text is a W3C `traceparent`. */
  parent?: Span | string;
}

/** Makes spans. */
export interface Tracer {
  /** `parent` undefined = it begins a trace. */
  startSpan(
    name: string,
    kind: SpanKindName,
    attributes: Attributes | undefined,
    parent: SpanContext | undefined,
  ): Span;
}

// https://www.w3.org/TR/trace-context/#traceparent-header: a later version may say more behind these four parts.
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

let tracer: Tracer | undefined;

// Not OpenTelemetry's own context, which is there for all libraries: Apollo Gateway would make nine spans of its own for a
// dashboard, that say what ours say.
const runningSpan = () => currentScope().span;

/** Makes spans from now on, with this tracer; undefined = no longer. Until then every function here costs a comparison. */
export function useTracer(given: Tracer | undefined): void {
  tracer = given;
}

/** The span another process says we are a part of. Nothing in it that is not W3C's form is believed. */
function spanContextIn(traceparent: string): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent) ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
}

function parentContext(parent: SpanOptions['parent']): SpanContext | undefined {
  if (typeof parent === 'string') return spanContextIn(parent);
  return (parent ?? runningSpan())?.spanContext();
}

/** Begins a span that is ended by hand; undefined when no traces are made. */
export function startSpan(name: string, { attributes, kind = 'internal', parent }: SpanOptions = {}): Span | undefined {
  return tracer?.startSpan(name, kind, attributes, parentContext(parent));
}

/** Runs `work` so that what it begins is a part of `span`. */
export function withSpan<Result>(span: Span | undefined, work: () => Result): Result {
  if (!span) return work();
  return withScope({ ...currentScope(), span }, work);
}

/** Marks a span as failed. The words of an error can hold what people typed, so its kind alone is told. */
export function failSpan(span: Span | undefined, errorType: string): void {
  span?.setAttribute('error.type', errorType).fail();
}

/** What an error is called in traces and figures: its code, or its class. */
export function errorTypeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return String(code ?? name ?? 'error');
}

/** Runs `work` as a span, which ends with it and fails when it rejects. */
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

/** The `traceparent` that makes what happens elsewhere or later a part of a span. */
export function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** The `traceparent` that makes what another process does a part of what runs now; undefined when no traces are made. */
export function currentTraceparent(): string | undefined {
  const span = tracer && runningSpan();
  return span && traceparentOf(span);
}

/** Names the trace that runs now, for log lines; undefined when no traces are made. */
export function currentTraceId(): string | undefined {
  return tracer && runningSpan()?.spanContext().traceId;
}

/** Whether traces are made. */
export function isTracing(): boolean {
  return tracer !== undefined;
}
