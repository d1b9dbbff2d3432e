import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { rememberBriefly } from './remember-briefly.js';

describe('rememberBriefly', () => {
  it('reads once for concurrent calls and those within the time to live', async () => {
    let reads = 0;
    const ask = rememberBriefly(async () => {
      reads += 1;
      return reads;
    }, 60_000);
    expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
    expect(await ask()).toBe(1);
  });

  it('reads again later, and at once after a failure', async () => {
    let reads = 0;
    const ask = rememberBriefly(async () => {
      reads += 1;
      if (reads === 1) throw new Error('away');
      return reads;
    }, 1);
    await expect(ask()).rejects.toThrow('away');
    expect(await ask()).toBe(2);
    await wait(5);
    expect(await ask()).toBe(3);
  });
});
