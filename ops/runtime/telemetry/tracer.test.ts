import { describe, expect, it } from '@jest/globals';
import { ROOT_CONTEXT, SpanKind, TraceFlags, trace } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace-node';
import type { SamplingOptions } from '#runtime/config/operations-config.js';
import { createSampler } from './tracer.js';

// The sampler of the SDK takes the exclusive or of the four parts of an id.
const [LOW, HIGH] = [`${'f'.repeat(16)}${'0'.repeat(8)}10000000`, `${'0'.repeat(24)}90000000`];

/** Whether a span is recorded; `parentFlags` undefined = it begins its trace. */
function isSampled(options: SamplingOptions, traceId: string, parentFlags?: TraceFlags): boolean {
  const isRoot = parentFlags === undefined;
  const context = isRoot
    ? ROOT_CONTEXT
    : trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: 'b7ad6b7169203331', traceFlags: parentFlags });
  const { decision } = createSampler(options).shouldSample(context, traceId, 'work', SpanKind.INTERNAL, {}, []);
  return decision === SamplingDecision.RECORD_AND_SAMPLED;
}

describe('the sampler', () => {
  it.each<[SamplingOptions['sampler'], number, string]>([
    ['always_on', 0, 'begun here: 11, of a trace that is sent: 11, of one that is not: 11'],
    ['always_off', 1, 'begun here: 00, of a trace that is sent: 00, of one that is not: 00'],
    ['traceidratio', 0.5, 'begun here: 10, of a trace that is sent: 10, of one that is not: 10'],
    ['traceidratio', 0, 'begun here: 00, of a trace that is sent: 00, of one that is not: 00'],
    ['traceidratio', 1, 'begun here: 11, of a trace that is sent: 11, of one that is not: 11'],
    ['parentbased_always_on', 0, 'begun here: 11, of a trace that is sent: 11, of one that is not: 00'],
    ['parentbased_always_off', 1, 'begun here: 00, of a trace that is sent: 11, of one that is not: 00'],
    ['parentbased_traceidratio', 0.5, 'begun here: 10, of a trace that is sent: 11, of one that is not: 00'],
  ])('with %s and %p', (sampler, ratio, verdicts) => {
    const both = (flags?: TraceFlags) =>
      [LOW, HIGH].map((id) => Number(isSampled({ sampler, ratio }, id, flags))).join('');
    const decided = `begun here: ${both()}, of a trace that is sent: ${both(TraceFlags.SAMPLED)}, of one that is not: `;
    expect(decided + both(TraceFlags.NONE)).toBe(verdicts);
  });

  it('samples the configured share of traces', () => {
    const ids = Array.from({ length: 256 }, (_, number) =>
      `${number.toString(16).padStart(2, '0')}abcdef`.padStart(32, '7'),
    );
    expect(ids.filter((id) => isSampled({ sampler: 'traceidratio', ratio: 0.25 }, id))).toHaveLength(64);
  });
});
