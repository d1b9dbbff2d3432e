import { describe, expect, it } from '@jest/globals';
import { encodeCursor } from '#kit/page.js';
import { positionOf } from './page-sql.js';

describe('the position that a cursor marks', () => {
  it.each([
    ['a row', ['-12.50', '\u001fx\u001f']],
    ['a row without the value', [null, 'x']],
  ])('is that of %s', (_what, position) => {
    expect(positionOf({ after: encodeCursor(position) })).toEqual(position);
  });

  it.each([[undefined], [null], ['']])('is none for %p', (after) => {
    expect(positionOf({ after })).toBeNull();
  });

  it.each([
    ['a word', ['abc', 'x']],
    ['no number', ['NaN', 'x']],
    ['a power', ['1e9', 'x']],
    ['a number', [5, 'x']],
    ['an object', [{}, 'x']],
    ['a list', [['1'], 'x']],
    ['no key', ['1', null]],
    ['a zero character', ['1', 'a\0']],
    ['more digits than a number has', ['9'.repeat(1_001), 'x']],
    ['another list', ['1']],
  ])('is refused with %s', (_what, position) => {
    expect(() => positionOf({ after: encodeCursor(position) })).toThrow('after is not a cursor of this list');
  });
});
