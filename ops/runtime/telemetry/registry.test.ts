import { expect, it } from '@jest/globals';
import { boundLabel, registry } from './registry.js';

it('bounds the number of values of a label', () => {
  const label = boundLabel(2);
  expect(['a', 'b', 'c', 'a', 'x'.repeat(101)].map(label)).toEqual(['a', 'b', 'other', 'a', 'other']);
});

it('lets a label take other values once all metrics were reset', () => {
  const label = boundLabel(1);
  expect(['a', 'b'].map(label)).toEqual(['a', 'other']);
  registry.resetMetrics();
  expect(label('b')).toBe('b');
});
