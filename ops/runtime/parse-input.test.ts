import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { InvalidInput } from './errors.js';
import { parseInput } from './parse-input.js';

const schema = z
  .object({
    name: z.string().trim().min(1, 'must not be empty'),
    range: z.object({ start: z.string({ error: 'must be a day' }) }),
  })
  .refine(({ name }) => name !== 'taken', 'must be new');

function detailsOf(given: unknown) {
  try {
    parseInput(schema, given);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInput);
    return (error as InvalidInput).details;
  }
  return undefined;
}

describe('input', () => {
  it('is returned as parsed', () => {
    expect(parseInput(schema, { name: ' Ada ', range: { start: 'today' }, extra: 1 })).toEqual({
      name: 'Ada',
      range: { start: 'today' },
    });
  });

  it('is refused with the problem of every argument, however deep', () => {
    expect(detailsOf({ name: ' ', range: { start: 1 } })).toEqual([
      { argument: 'name', problem: 'must not be empty' },
      { argument: 'range.start', problem: 'must be a day' },
    ]);
  });

  it('is refused with fifty problems at the most', () => {
    const problems = Array.from({ length: 1_000 }, (_, index) => ({ argument: `names.${index}`, problem: 'is wrong' }));
    const { details, message } = new InvalidInput(problems);
    expect(details).toEqual(problems.slice(0, 50));
    expect(message).not.toContain('names.50 ');
  });

  it('is refused as a whole when no single argument is wrong', () => {
    expect(detailsOf({ name: 'taken', range: { start: 'today' } })).toEqual([
      { argument: 'input', problem: 'must be new' },
    ]);
  });
});
