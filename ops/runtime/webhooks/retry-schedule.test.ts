import { describe, expect, it } from '@jest/globals';
import { nextAttempt } from './retry-schedule.js';

const queuedAt = new Date('2026-11-29T08:00:00.000Z');
const later = (ms: number) => new Date(queuedAt.getTime() + ms);
const HOUR_MS = 3_600_000;

describe('the retries of a webhook', () => {
  it.each([0, 0.5, 1])('are nine, over about a day, whatever the jitter: %p', (random) => {
    let now = queuedAt;
    let attempts = 1;
    for (let next = nextAttempt({ attempts, queuedAt, now }, random); next; attempts += 1) {
      now = next;
      next = nextAttempt({ attempts: attempts + 1, queuedAt, now }, random);
    }
    expect(attempts).toBe(10);
    const hours = (now.getTime() - queuedAt.getTime()) / HOUR_MS;
    expect(hours).toBeGreaterThan(20);
    expect(hours).toBeLessThan(26);
  });

  it('have a jitter of a tenth', () => {
    const first = { attempts: 1, queuedAt, now: queuedAt };
    expect([nextAttempt(first, 0), nextAttempt(first, 1)]).toEqual([later(4_500), later(5_500)]);
  });

  it('come not before what the receiver asks for, and are given up when that is too late', () => {
    const first = { attempts: 1, queuedAt, now: queuedAt };
    expect(nextAttempt({ ...first, retryAfter: 120 }, 0.5)).toEqual(later(120_000));
    expect(nextAttempt({ ...first, retryAfter: 1 }, 0.5)).toEqual(later(5_000));
    expect(nextAttempt({ ...first, retryAfter: 3 * 24 * 3_600 }, 0.5)).toBeNull();
  });
});
