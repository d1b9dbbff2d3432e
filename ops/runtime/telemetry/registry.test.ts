import { expect, it } from '@jest/globals';
import { boundLabel } from './registry.js';

it('bounds the number of values of a label', () => {
  const label = boundLabel(2);
  expect(['a', 'b', 'c', 'a', 'x'.repeat(101)].map(label)).toEqual(['a', 'b', 'other', 'a', 'other']);
});
