import { describe, expect, it } from '@jest/globals';
import { createSampler, type SamplerName } from './sampler.js';

const [LOW, HIGH] = [`${'f'.repeat(24)}10000000`, `${'0'.repeat(24)}90000000`];
const parent = (traceFlags: number) => ({ traceId: LOW, spanId: 'b7ad6b7169203331', traceFlags });

describe('which spans are sent', () => {
  it.each<[SamplerName, number, string]>([
    ['always_on', 0, 'begun here: 11, of a trace that is sent: 11, of one that is not: 11'],
    ['always_off', 1, 'begun here: 00, of a trace that is sent: 00, of one that is not: 00'],
    ['traceidratio', 0.5, 'begun here: 10, of a trace that is sent: 10, of one that is not: 10'],
    ['traceidratio', 0, 'begun here: 00, of a trace that is sent: 00, of one that is not: 00'],
    ['traceidratio', 1, 'begun here: 11, of a trace that is sent: 11, of one that is not: 11'],
    ['parentbased_always_on', 0, 'begun here: 11, of a trace that is sent: 11, of one that is not: 00'],
    ['parentbased_always_off', 1, 'begun here: 00, of a trace that is sent: 11, of one that is not: 00'],
    ['parentbased_traceidratio', 0.5, 'begun here: 10, of a trace that is sent: 11, of one that is not: 00'],
  ])('with %s and %p', (sampler, ratio, verdicts) => {
    const sample = createSampler({ sampler, ratio });
    const both = (above: Parameters<typeof sample>[1]) => [LOW, HIGH].map((id) => Number(sample(id, above))).join('');
    const told = `begun here: ${both(undefined)}, of a trace that is sent: ${both(parent(1))}, of one that is not: `;
    expect(told + both(parent(0))).toBe(verdicts);
  });

  it('is about the share that was asked for', () => {
    const sample = createSampler({ sampler: 'traceidratio', ratio: 0.25 });
    const ids = Array.from({ length: 256 }, (_, number) =>
      `${number.toString(16).padStart(2, '0')}abcdef`.padStart(32, '7'),
    );
    expect(ids.filter((id) => sample(id, undefined))).toHaveLength(64);
  });
});
