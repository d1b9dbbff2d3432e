import { describe, expect, it } from '@jest/globals';
import { jsonSize } from './json-size.js';

describe('the size of a value as JSON', () => {
  it.each([
    null,
    true,
    -1.5,
    'text',
    'Größe 東京',
    [],
    [1],
    {},
    { a: null },
    { name: 'x', list: [{ id: '1' }, { id: '22' }], none: [] },
    Object.assign(Object.create(null), { a: [true, false] }),
    new Date(0),
  ])('is at least its length, and hardly more: %j', (value) => {
    const actual = Buffer.byteLength(JSON.stringify(value));
    expect(jsonSize(value)).toBeGreaterThanOrEqual(actual);
    expect(jsonSize(value)).toBeLessThanOrEqual(actual + 4);
  });

  it('is measured no further than the limit', () => {
    let read = 0;
    const item = {
      get text() {
        read += 1;
        return 'x'.repeat(100);
      },
    };
    expect(jsonSize({ items: Array(1_000).fill(item) }, 1_000)).toBeGreaterThan(1_000);
    expect(read).toBeLessThan(12);
  });
});
