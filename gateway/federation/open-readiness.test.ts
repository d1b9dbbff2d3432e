import { describe, expect, it } from '@jest/globals';
import type { Readiness } from '#runtime/health/readiness.js';
import { readyWhenPrepared } from './open-readiness.js';

describe('the readiness of a gateway that prepares something', () => {
  it('is that of the gateway once nothing is pending', () => {
    const readiness: Readiness = {
      isReady: () => true,
      failures: () => [],
      report: () => ({ status: 'ready', checks: { cache: 'ok' } }),
    };
    let isPending = true;
    const withDemo = readyWhenPrepared(readiness, { demo: () => isPending, plans: () => false, nothing: undefined });
    expect([withDemo.isReady(), withDemo.report()]).toEqual([
      false,
      { status: 'not ready', checks: { cache: 'ok', demo: 'pending' } },
    ]);
    isPending = false;
    expect([withDemo.isReady(), withDemo.report()]).toEqual([true, { status: 'ready', checks: { cache: 'ok' } }]);
  });
});
