import { expect, it } from '@jest/globals';
import { currentRequestContext, withRequestContext } from './request-context.js';
import { currentScope, withScope } from './scope.js';

it('a request, or a job, is no part of the effect that caused it', () => {
  const effect = { record: async () => {} };
  withScope({ effect, priority: 'background' }, () => {
    withRequestContext({ requestId: 'job' }, () => {
      expect(currentScope()).toMatchObject({ effect: undefined, priority: 'background' });
      expect(currentRequestContext()).toEqual({ requestId: 'job' });
    });
    expect(currentScope().effect).toBe(effect);
  });
});
