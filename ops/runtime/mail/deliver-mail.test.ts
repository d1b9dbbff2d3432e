import { describe, expect, it } from '@jest/globals';
import { GIVE_UP_AFTER_MS, retryDelay } from './deliver-mail.js';

describe('retryDelay', () => {
  it('doubles from half a minute up to four hours', () => {
    const delays = [1, 2, 3, 8, 9, 10, 50, 5_000].map((attempts) => retryDelay(attempts, 0.5));
    expect(delays).toEqual([30, 60, 120, 3_840, 7_680, 14_400, 14_400, 14_400]);
  });

  it('has a jitter of a fifth', () => {
    expect([retryDelay(1, 0), retryDelay(1, 1)]).toEqual([24, 36]);
  });

  it('leaves room for about twenty attempts before it is given up', () => {
    let seconds = 0;
    let attempts = 0;
    while (seconds * 1000 <= GIVE_UP_AFTER_MS) {
      attempts += 1;
      seconds += retryDelay(attempts, 0.5);
    }
    expect(attempts).toBe(20);
  });
});
