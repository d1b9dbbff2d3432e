import { describe, expect, it } from '@jest/globals';
import { isBeating, startHeartbeat } from './heartbeat.js';

describe('a heartbeat', () => {
  it('is there from the first moment, and gone when its thread has not taken a turn for long', () => {
    const { cell, stop } = startHeartbeat();
    stop();
    expect(isBeating(cell)).toBe(true);
    Atomics.sub(new Int32Array(cell), 0, 5);
    expect(isBeating(cell)).toBe(true);
    Atomics.sub(new Int32Array(cell), 0, 6);
    expect(isBeating(cell)).toBe(false);
  });
});
