import { expect, it } from '@jest/globals';
import { RememberedValues } from './remembered-values.js';

it('derives a value again only when something it is derived from is another one', () => {
  const remembered = new RememberedValues();
  const list = [1, 2];
  let derived = 0;
  const ask = (inputs: unknown[]) =>
    remembered.derive('sum', {
      inputs,
      rows: 1,
      derive: () => {
        derived += 1;
        return { number: derived };
      },
    }).number;
  expect([ask([list, 'v1']), ask([list, 'v1'])]).toEqual([1, 1]);
  expect([ask([[1, 2], 'v1']), ask([list, 'v2']), ask([list, 'v2', 3])]).toEqual([2, 3, 4]);
});

it('does not remember what is too large, and forgets the least recently used', () => {
  const remembered = new RememberedValues();
  remembered.store('too large', { inputs: [], value: {}, rows: 1_000_000 });
  expect(remembered.find('too large', [])).toBeUndefined();
  remembered.store('one', { inputs: [], value: {}, rows: 200_000 });
  remembered.store('other', { inputs: [], value: {}, rows: 200_000 });
  expect([remembered.find('one', []), remembered.find('other', [])]).toEqual([undefined, {}]);
});
