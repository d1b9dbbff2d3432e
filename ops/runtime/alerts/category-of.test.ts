import { describe, expect, it } from '@jest/globals';
import { errors as joseErrors } from 'jose';
import pg from 'pg';
import { QueryFailedError } from 'typeorm';
import { AppError, ConfigurationError, Forbidden, RateLimited, Unauthenticated } from '#runtime/errors.js';
import { GraphRequestFailed } from '#runtime/http/graph-client.js';
import { RequestFailed } from '#runtime/http/http-client.js';
import { categoryOf } from './category-of.js';

function serverError(code: string): Error {
  return Object.assign(new pg.DatabaseError('no', 2, 'error'), { code, severity: 'ERROR' });
}

describe('the category of an error', () => {
  it.each([
    [new Unauthenticated(), 'auth'],
    [new Forbidden(), 'auth'],
    [new joseErrors.JWTExpired('too old', {}), 'auth'],
    [new AppError('Connect again.', 'RECONNECT_REQUIRED'), 'oauth'],
    [new AppError('It is away.', 'PROVIDER_UNAVAILABLE'), 'integration'],
    [new RateLimited('Wait.', 1), 'integration'],
    [new RequestFailed('timeout', 'https://provider.example'), 'integration'],
    [new GraphRequestFailed('no', 'PROVIDER_UNAVAILABLE'), 'integration'],
    [new QueryFailedError('SELECT', [], serverError('23505')), 'database'],
    [serverError('57P01'), 'database'],
    [new Error('Connection terminated unexpectedly'), 'database'],
    [new Error('timeout exceeded when trying to connect'), 'database'],
    [Object.assign(new Error('declined'), { type: 'StripeCardError' }), 'payment'],
    [new ConfigurationError('Set PORT.'), 'internal'],
    [new TypeError('x is not a function'), 'internal'],
    ['text', 'internal'],
    [undefined, 'internal'],
  ])('%p is %s', (error, category) => {
    expect(categoryOf(error)).toBe(category);
  });

  it('is that of its cause', () => {
    expect(categoryOf(new Error('outer', { cause: new Error('middle', { cause: serverError('40P01') }) }))).toBe(
      'database',
    );
    expect(categoryOf(new AggregateError([new RequestFailed('connection', 'https://a.example')]))).toBe('integration');
  });

  it('is found, also when errors cause each other', () => {
    const error: Error & { cause?: unknown } = new Error('a');
    error.cause = new Error('b', { cause: error });
    expect(categoryOf(error)).toBe('internal');
  });
});
