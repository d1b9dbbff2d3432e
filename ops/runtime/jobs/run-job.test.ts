import { describe, expect, it } from '@jest/globals';
import { UnrecoverableError } from './job-definition.js';
import { isRetryable } from './run-job.js';

describe('isRetryable', () => {
  it.each([
    new UnrecoverableError('key is missing'),
    new TypeError('x is undefined'),
    new RangeError('Invalid time value'),
  ])('is false for %s', (error) => expect(isRetryable(error)).toBe(false));

  it.each([
    new Error('The database is away'),
    new SyntaxError('Unexpected end of JSON input'),
    new TypeError('fetch failed', { cause: new Error('ECONNRESET') }),
    'no error at all',
  ])('is true for %s', (error) => expect(isRetryable(error)).toBe(true));
});
