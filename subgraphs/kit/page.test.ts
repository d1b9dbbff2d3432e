import { describe, expect, it } from '@jest/globals';
import { InvalidInput } from '#runtime/errors.js';
import { checkPageSize, decodeCursor, encodeCursor, pageOf } from './page.js';

const detailsOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInput);
    return (error as InvalidInput).details;
  }
  return undefined;
};

describe('a page size', () => {
  it.each([1, 50, 1_000])('of %d is accepted', (first) => {
    expect(() => checkPageSize(first)).not.toThrow();
  });

  it.each([0, -1, 1_001, Number.NaN, Number.POSITIVE_INFINITY])('of %d is refused', (first) => {
    expect(detailsOf(() => checkPageSize(first))).toEqual([{ argument: 'first', problem: 'must be 1 to 1000' }]);
  });
});

describe('a cursor', () => {
  it.each([[['Ünïcode / + ?', 1]], [['2026-10-05T10:11:12.000Z', 'id']], [[null, 'id']]])(
    'leads back to the position %j',
    (position) => {
      const cursor = encodeCursor(position);
      expect(cursor).toMatch(/^[\w-]+$/);
      expect(decodeCursor(cursor, 2)).toEqual(position);
    },
  );

  it.each([
    ['nothing', ''],
    ['text', 'not a cursor'],
    ['JSON that is no list', Buffer.from('{"length":2}').toString('base64url')],
    ['a list that was cut', encodeCursor(['name', 'id']).slice(0, -3)],
    ['a position in another list', encodeCursor(['id'])],
    ['a longer position', encodeCursor(['a', 'b', 'c'])],
  ])('is not %s', (_what, cursor) => {
    expect(detailsOf(() => decodeCursor(cursor, 2))).toEqual([
      { argument: 'after', problem: 'is not a cursor of this list' },
    ]);
  });
});

describe('a page', () => {
  const positionOf = (letter: string) => [letter];
  const letters = (text: string, first: number, after?: string | null) =>
    pageOf([...text], { first, after }, positionOf);

  it('has its items with their cursors, and none beyond its size', () => {
    const { edges } = letters('abc', 2);
    expect(edges).toEqual([
      { cursor: encodeCursor(['a']), node: 'a' },
      { cursor: encodeCursor(['b']), node: 'b' },
    ]);
  });

  it('knows whether another follows', () => {
    expect(letters('abc', 2).pageInfo.hasNextPage).toBe(true);
    expect(letters('ab', 2).pageInfo.hasNextPage).toBe(false);
    expect(letters('a', 2).pageInfo.hasNextPage).toBe(false);
  });

  it('knows whether it is the first', () => {
    expect(letters('ab', 2).pageInfo.hasPreviousPage).toBe(false);
    expect(letters('ab', 2, null).pageInfo.hasPreviousPage).toBe(false);
    expect(letters('ab', 2, encodeCursor(['_'])).pageInfo.hasPreviousPage).toBe(true);
  });

  it('knows where it begins and ends', () => {
    expect(letters('abc', 2).pageInfo).toMatchObject({
      startCursor: encodeCursor(['a']),
      endCursor: encodeCursor(['b']),
    });
    expect(letters('', 2).pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
    });
  });
});
