import { describe, expect, it } from '@jest/globals';
import { buildSchema, GraphQLError, graphql, parse, validate } from 'graphql';
import {
  AppError,
  ConfigurationError,
  Conflict,
  Forbidden,
  InvalidInput,
  NotFound,
  RateLimited,
  Unauthenticated,
} from './errors.js';
import { formatError } from './format-error.js';
import { createLogger } from './log/logger.js';

const schema = buildSchema('type Query { thing(id: ID!): String, number: Int! }');

/** What leaves a subgraph when the resolver of `thing` throws, and what is logged about it. */
async function formatThrown(thrown: unknown) {
  const logged: { err: unknown; path: unknown; requestId: string }[] = [];
  const logger = {
    ...createLogger({ level: 'silent', isPretty: false }),
    error: (entry: unknown) => void logged.push(entry as (typeof logged)[number]),
  };
  const rootValue = {
    thing: () => {
      throw thrown;
    },
  };
  const { errors = [] } = await graphql({ schema, source: '{ thing(id: 1) }', rootValue });
  return { formatted: formatError(errors[0] as GraphQLError, 'request-1', logger), logged };
}

describe('an AppError', () => {
  it.each([
    [new Unauthenticated(), 'UNAUTHENTICATED', 'Sign in first.'],
    [new Forbidden(), 'FORBIDDEN', 'Your role does not allow this.'],
    [new NotFound('report'), 'NOT_FOUND', 'There is no report with this id.'],
    [new Conflict('Somebody was faster.'), 'CONFLICT', 'Somebody was faster.'],
    [new ConfigurationError('Set PORT.'), 'CONFIGURATION', 'Set PORT.'],
    [new AppError('Connect again.', 'RECONNECT_REQUIRED'), 'RECONNECT_REQUIRED', 'Connect again.'],
  ])('keeps its message and code: %s', async (error, code, message) => {
    const { formatted, logged } = await formatThrown(error);
    expect(formatted).toEqual({
      message,
      path: ['thing'],
      locations: [{ line: 1, column: 3 }],
      extensions: { code, requestId: 'request-1' },
    });
    expect(logged).toEqual([]);
  });

  it('keeps the problems of arguments', async () => {
    const details = [
      { argument: 'name', problem: 'must not be empty' },
      { argument: 'email', problem: 'must be an address' },
    ];
    const { formatted } = await formatThrown(new InvalidInput(details));
    expect(formatted.message).toBe('Invalid input: name must not be empty; email must be an address.');
    expect(formatted.extensions).toEqual({ code: 'BAD_USER_INPUT', requestId: 'request-1', details });
  });

  it('keeps retryAfter, also 0', async () => {
    const { formatted } = await formatThrown(new RateLimited('Slow down.', 30));
    expect(formatted.extensions).toEqual({ code: 'RATE_LIMITED', requestId: 'request-1', retryAfter: 30 });
    expect((await formatThrown(new RateLimited('Slow down.', 0))).formatted.extensions).toMatchObject({
      retryAfter: 0,
    });
  });

  it('loses its cause and stack', async () => {
    const { formatted } = await formatThrown(
      new Conflict('Somebody was faster.', { cause: new Error('SELECT secret') }),
    );
    expect(JSON.stringify(formatted)).not.toMatch(/secret|\.ts:/);
  });

  it('is found inside its wrappers', async () => {
    const wrapped = new GraphQLError('outer', { originalError: new Forbidden() });
    expect((await formatThrown(wrapped)).formatted.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('any other error', () => {
  it('is masked, and logged with its cause', async () => {
    const error = new Error('connect ECONNREFUSED 10.0.0.7:5432', { cause: new Error('SELECT * FROM token') });
    const { formatted, logged } = await formatThrown(error);
    expect(formatted).toEqual({
      message: 'Internal error',
      path: ['thing'],
      locations: [{ line: 1, column: 3 }],
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-1' },
    });
    expect(logged).toEqual([{ err: error, path: ['thing'], requestId: 'request-1' }]);
    expect(logged[0]?.err).toBe(error);
  });

  it('is masked also when it is not an Error', async () => {
    const { formatted, logged } = await formatThrown('a secret');
    expect(JSON.stringify(formatted)).not.toContain('a secret');
    expect(formatted.extensions?.code).toBe('INTERNAL_SERVER_ERROR');
    expect(logged).toHaveLength(1);
  });

  it('does not pass for an AppError by its name or code', async () => {
    const error = Object.assign(new Error('secret'), { name: 'AppError', code: 'FORBIDDEN', details: ['secret'] });
    const { formatted } = await formatThrown(error);
    expect(JSON.stringify(formatted)).not.toContain('secret');
  });

  it('is masked when a resolver returns what its type does not allow', async () => {
    const { errors = [] } = await graphql({ schema, source: '{ number }', rootValue: { number: null } });
    const silent = createLogger({ level: 'silent', isPretty: false });
    expect(formatError(errors[0] as GraphQLError, 'request-1', silent).message).toBe('Internal error');
  });
});

describe('an error of the request itself', () => {
  const silent = createLogger({ level: 'silent', isPretty: false });

  it('is returned to the caller', () => {
    const [error] = validate(schema, parse('{ thing(id: 1) other }'));
    expect(formatError(error as GraphQLError, 'request-1', silent)).toMatchObject({
      message: 'Cannot query field "other" on type "Query".',
      extensions: { code: 'BAD_USER_INPUT', requestId: 'request-1' },
    });
  });

  it('keeps the code it has', () => {
    const error = new GraphQLError('Too large', { extensions: { code: 'OPERATION_TOO_LARGE' } });
    expect(formatError(error, 'request-1', silent).extensions).toEqual({
      code: 'OPERATION_TOO_LARGE',
      requestId: 'request-1',
    });
  });
});
