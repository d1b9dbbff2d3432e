import {
  type Attributes,
  type AttributeValue,
  type HrTime,
  type SpanContext,
  SpanKind,
  type SpanStatus,
  SpanStatusCode,
  TraceFlags,
} from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { Span } from '#runtime/scope/scope.js';
import type { SpanKindName } from '#runtime/scope/spans.js';

/** What all spans of a process share. */
export interface SpanOrigin {
  resource: ReadableSpan['resource'];
  scope: ReadableSpan['instrumentationScope'];
  /** Takes spans that have ended. */
  processor: SpanProcessor;
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

const NOT_FAILED: SpanStatus = { code: SpanStatusCode.UNSET };
const FAILED: SpanStatus = { code: SpanStatusCode.ERROR };
const NONE: never[] = [];

function hrTime(milliseconds: number): HrTime {
  const seconds = Math.floor(milliseconds / 1_000);
  return [seconds, Math.round((milliseconds - seconds * 1_000) * 1_000_000)];
}

/**
 * A span as OpenTelemetry's exporters read it. It keeps what it is told and no more: whatever can be worked out is, when it
 * is sent.
 */
export class RecordedSpan implements Span, ReadableSpan {
  name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes = {};
  readonly parentSpanContext?: SpanContext;
  readonly links = NONE;
  readonly events = NONE;
  readonly droppedAttributesCount = 0;
  readonly droppedEventsCount = 0;
  readonly droppedLinksCount = 0;
  status = NOT_FAILED;
  readonly #origin: SpanOrigin;
  readonly #context: SpanContext;
  /** Since 1970, in whole milliseconds; how long it took is measured by the clock that nobody sets. */
  readonly #startedAtMs = Date.now();
  readonly #startedAt = performance.now();
  #tookMs: number | undefined;

  constructor(
    origin: SpanOrigin,
    name: string,
    kind: SpanKindName,
    attributes: Attributes | undefined,
    context: SpanContext,
    parent: SpanContext | undefined,
  ) {
    this.#origin = origin;
    this.#context = context;
    this.name = name;
    this.kind = kinds[kind];
    if (parent) this.parentSpanContext = parent;
    if (attributes) this.setAttributes(attributes);
  }

  spanContext(): SpanContext {
    return this.#context;
  }

  get ended(): boolean {
    return this.#tookMs !== undefined;
  }

  get startTime(): HrTime {
    return hrTime(this.#startedAtMs);
  }

  get endTime(): HrTime {
    return hrTime(this.#startedAtMs + (this.#tookMs ?? 0));
  }

  get duration(): HrTime {
    return hrTime(this.#tookMs ?? 0);
  }

  get resource() {
    return this.#origin.resource;
  }

  get instrumentationScope() {
    return this.#origin.scope;
  }

  updateName(name: string): this {
    if (!this.ended) this.name = name;
    return this;
  }

  setAttribute(name: string, value: AttributeValue | undefined): this {
    if (value !== undefined && !this.ended) this.attributes[name] = value;
    return this;
  }

  setAttributes(attributes: Attributes): this {
    for (const name in attributes) this.setAttribute(name, attributes[name]);
    return this;
  }

  fail(): this {
    if (!this.ended) this.status = FAILED;
    return this;
  }

  end(): void {
    if (this.ended) return;
    this.#tookMs = performance.now() - this.#startedAt;
    if (this.#context.traceFlags & TraceFlags.SAMPLED) this.#origin.processor.onEnd(this);
  }
}
