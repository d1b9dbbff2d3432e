import { describe, expect, it } from '@jest/globals';
import type { Alert } from '#runtime/alert.js';
import { parseConfig } from '#runtime/config/config.js';
import { unexpectedErrors } from './unexpected-errors.js';

function open(environment: 'development' | 'test' | 'production') {
  const raised: Alert[] = [];
  const config = { ...parseConfig({}), environment };
  const alerts = { raise: (alert: Alert) => void raised.push(alert), close: async () => {} };
  return { raised, ...unexpectedErrors({ config, alerts }) };
}

const failing = (message: string) => new TypeError(message);

describe('an unexpected error', () => {
  it('is one problem by its origin, whatever its message', () => {
    const { raised, raise } = open('production');
    raise(failing('row 1'), 'request-1');
    raise(failing('row 2'), 'request-2');
    raise(new TypeError('elsewhere'), 'request-3');
    expect(raised[0]).toMatchObject({ category: 'internal', requestId: 'request-1' });
    expect(raised[0]?.key).toBe('unexpected TypeError at failing in ops/runtime/alerts/unexpected-errors.test.ts');
    expect(raised[1]?.key).toBe(raised[0]?.key);
    expect(raised[2]?.key).not.toBe(raised[0]?.key);
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'oops'],
    ['an error without a stack', Object.assign(new Error('x'), { stack: undefined })],
  ])('may be %s', (_what, thrown) => {
    const { raised, raise } = open('production');
    raise(thrown, 'request-1');
    expect(raised).toHaveLength(1);
  });

  it('shows its stack to clients in development only', () => {
    const error = failing('x');
    expect(open('development').extensionsOf(error).stacktrace?.[0]).toBe('TypeError: x');
    expect(open('development').extensionsOf('text')).toEqual({});
    expect(open('test').extensionsOf(error)).toEqual({});
    expect(open('production').extensionsOf(error)).toEqual({});
  });
});
