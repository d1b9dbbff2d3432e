import type { SpanContext } from '@opentelemetry/api';

/** The names OpenTelemetry has for who decides whether a trace is sent. */
export const samplerNames = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

export type SamplerName = (typeof samplerNames)[number];

export interface SamplingOptions {
  sampler: SamplerName;
  /** Of the traces, for the samplers with a ratio: 0 to 1. */
  ratio: number;
}

/** Whether a span is sent; `parent` undefined = it begins its trace. */
export type Sample = (traceId: string, parent: SpanContext | undefined) => boolean;

const SAMPLED = 1;
const NUMBERS = 0x100000000;

/** Whether a trace is among this share of all: the same in every process, as it is read from its id. */
function isAmong(traceId: string, ratio: number): boolean {
  return Number.parseInt(traceId.slice(-8), 16) < ratio * NUMBERS;
}

/** Returns how is decided which spans are sent: by default whoever began the trace has the say, and we send all we begin. */
export function createSampler({ sampler, ratio }: SamplingOptions): Sample {
  const [, parents, own] = /^(parentbased_)?(.*)$/.exec(sampler) ?? [];
  const begin: Sample = (traceId) => own === 'always_on' || (own === 'traceidratio' && isAmong(traceId, ratio));
  if (!parents) return begin;
  return (traceId, parent) => (parent ? (parent.traceFlags & SAMPLED) === SAMPLED : begin(traceId, parent));
}
