import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, specifiedRules, type ValidationContext, validate } from 'graphql';
import { isNestedDeeper, limits, sizeLimits } from './size-limits.js';
import { isStop, stopEarly } from './stop-early.js';

const schema = buildSchema('type Query { node: Node } type Node { node: Node name: String }');

/** The errors of a document, and whether other rules visited its fields. */
function lookAt(query: string) {
  let hasLooked = false;
  const other = (_context: ValidationContext) => ({
    Field() {
      hasLooked = true;
    },
  });
  const errors = validate(schema, parse(query), [other, sizeLimits, stopEarly]);
  return { messages: errors.filter((error) => !isStop(error)).map(({ message }) => message), hasLooked };
}

const repeat = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, n) => part(n)).join(' ');

describe('a document over the size limits', () => {
  it('is visited by no other rule', () => {
    const { messages, hasLooked } = lookAt(`{ ${'node { name } '.repeat(limits.rootFields + 1)} }`);
    expect(messages).toEqual([expect.stringContaining('51 fields at its root')]);
    expect(hasLooked).toBe(false);
  });

  it('is refused with every exceeded limit', () => {
    const { messages } = lookAt(`{ ${repeat(51, (index) => `a${index}: node { name }`)} }`);
    expect(messages).toEqual([expect.stringContaining('51 aliases'), expect.stringContaining('51 fields at its root')]);
  });
});

describe('a document with a circular fragment', () => {
  const circle = (size: number) =>
    `{ ${repeat(size, (index) => `...F${index}`)} } ${repeat(
      size,
      (index) =>
        `fragment F${index} on Query { ${repeat(10, (next) => `...F${(index + next + 1) % size}`)} node { name } }`,
    )}`;

  it('exhausts the stack of the rules of graphql-js', () => {
    expect(() => validate(schema, parse(circle(150)), specifiedRules)).toThrow(RangeError);
  });

  it.each([1, 3, 40, 150])('is refused before those rules: %i fragments', (size) => {
    const rules = [...specifiedRules, sizeLimits, stopEarly];
    expect(validate(schema, parse(circle(size)), rules)).toContainEqual(
      expect.objectContaining({ message: expect.stringMatching(/within itself|fields at its root/) }),
    );
  });

  it('is refused when nothing spreads it', () => {
    const { messages } = lookAt('{ node { name } } fragment A on Node { node { ...B } } fragment B on Node { ...A }');
    expect(messages).toEqual(['Cannot spread fragment "A" within itself.']);
  });
});

it('stopEarly accepts other documents, fragments that are spread twice included', () => {
  const query = '{ node { ...A ...B } } fragment A on Node { ...B name } fragment B on Node { name ...Missing }';
  expect(lookAt(query)).toEqual({ messages: [], hasLooked: true });
});

describe('isNestedDeeper', () => {
  const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

  it('visits a value up to the limit and no further', () => {
    expect(isNestedDeeper({ one: 1, list: [nested(18)] }, 20)).toBe(false);
    expect(isNestedDeeper({ one: 1, list: [nested(19)] }, 20)).toBe(true);
    expect(isNestedDeeper({ list: nested(200_000) }, 20)).toBe(true);
  });
});
