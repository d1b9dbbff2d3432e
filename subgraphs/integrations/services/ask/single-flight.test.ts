import { describe, expect, it } from '@jest/globals';
import { SingleFlight } from './single-flight.js';

describe('SingleFlight', () => {
  it('runs work once for concurrent callers with the same key, and again afterwards', async () => {
    const inFlight = new SingleFlight();
    let runs = 0;
    const work = async () => {
      runs += 1;
      return runs;
    };
    expect(await Promise.all([inFlight.run('a', work), inFlight.run('a', work), inFlight.run('b', work)])).toEqual([
      1, 1, 2,
    ]);
    expect(inFlight.has('a')).toBe(false);
    expect(await inFlight.run('a', work)).toBe(3);
  });

  it('shares a failure, and forgets it', async () => {
    const inFlight = new SingleFlight();
    const fail = () => Promise.reject(new Error('No'));
    const both = [inFlight.run('a', fail), inFlight.run('a', async () => 'not run')];
    for (const result of both) await expect(result).rejects.toThrow('No');
    expect(await inFlight.run('a', async () => 'run')).toBe('run');
  });
});
