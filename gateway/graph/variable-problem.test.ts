import { describe, expect, it } from '@jest/globals';
import { variableProblem } from './variable-problem.js';

describe('variableProblem', () => {
  it.each([
    [
      'Variable "$range" got invalid value "2026-02-30" at "range.start"; Date must be a calendar day like "2026-10-05".',
      { argument: 'range.start', problem: 'Date must be a calendar day like "2026-10-05".' },
    ],
    [
      'Variable "$first" got invalid value "x"; Int cannot represent non-integer value: "x"',
      { argument: 'first', problem: 'Int cannot represent non-integer value: "x"' },
    ],
    [
      'Variable "$id" of required type "ID!" was not provided.',
      { argument: 'id', problem: 'is of required type "ID!" was not provided.' },
    ],
    ['Cannot query field "x" on type "Query".', undefined],
  ])('reads %j', (message, problem) => {
    expect(variableProblem(message)).toEqual(problem);
  });
});
