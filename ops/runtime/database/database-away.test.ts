import { describe, expect, it } from '@jest/globals';
import { QueryFailedError, QueryRunnerAlreadyReleasedError, TypeORMError } from 'typeorm';
import { isDatabaseAway } from './database-away.js';

const withCode = (code: string, message = '') => Object.assign(new Error(message), { code });

describe('a database error means that it is unavailable', () => {
  it.each<[string, unknown]>([
    ['the connection is refused', withCode('ECONNREFUSED')],
    ['the connection broke', withCode('ECONNRESET')],
    ['the server stops', withCode('57P01')],
    ['the server starts', withCode('57P03')],
    ['the server has no connection left', withCode('53300')],
    ['the server cannot connect any further', withCode('08006')],
    ['the pool has no connection for too long', new Error('timeout exceeded when trying to connect')],
    ['the connection ended', new Error('Connection terminated unexpectedly')],
    ['a statement found the server stopping', new QueryFailedError('SELECT 1', [], withCode('57P01'))],
    ['the pool is closed, as the process stops', new TypeORMError('Driver not Connected')],
    ['the connection broke within a transaction', new QueryRunnerAlreadyReleasedError()],
  ])('yes, when %s', (_what, error) => {
    expect(isDatabaseAway(error)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['a row exists already', new QueryFailedError('INSERT', [], withCode('23505'))],
    ['a statement is wrong', new QueryFailedError('SELEC', [], withCode('42601', 'Connection terminated'))],
    ['a statement takes too long', withCode('57014')],
    ['something else is wrong', new TypeError('x is not a function')],
    ['there is no error', undefined],
  ])('no, when %s', (_what, error) => {
    expect(isDatabaseAway(error)).toBe(false);
  });
});
