import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { PendingAnswers } from './pending-answers.js';

describe('the answers an operation waits for', () => {
  it('are none where nothing was asked', async () => {
    expect(await new PendingAnswers().settle('connection')).toBe('nothing');
  });

  it('are settled once those that they asked for are', async () => {
    const pending = new PendingAnswers();
    let fail = (_reason: Error) => {};
    const question = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const first = nextTurn().then(() => {
      pending.add('connection', question).catch(() => undefined);
    });
    let outcome: string | undefined;
    const settled = pending.settle('connection').then((found) => {
      outcome = found;
    });
    await pending.add('connection', first);
    await nextTurn();
    expect(outcome).toBeUndefined();
    fail(new Error('The provider is away'));
    await settled;
    expect(outcome).toBe('failed');
  });

  it('are stale or fine', async () => {
    const pending = new PendingAnswers();
    await pending.add('fine', Promise.resolve({ isStale: false }));
    await pending.add('stale', Promise.resolve({ isStale: true }));
    expect([await pending.settle('fine'), await pending.settle('stale')]).toEqual(['fine', 'failed']);
  });
});
