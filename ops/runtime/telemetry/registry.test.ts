import { expect, it } from '@jest/globals';
import { boundLabel } from './registry.js';

it('lets a label have so many values and no more', () => {
  const label = boundLabel(2);
  expect(['a', 'b', 'c', 'a', 'x'.repeat(101)].map(label)).toEqual(['a', 'b', 'other', 'a', 'other']);
});
