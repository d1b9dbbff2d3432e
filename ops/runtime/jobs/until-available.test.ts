import { describe, expect, it, jest } from '@jest/globals';
import { ServiceUnavailable } from '#runtime/errors.js';
import { untilAvailable } from './until-available.js';

const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

/** A step that fails with each of these errors, then succeeds. */
function failing(...errors: Error[]) {
  const step = async () => {
    step.runs += 1;
    const error = errors.shift();
    if (error) throw error;
    return 'done';
  };
  step.runs = 0;
  return step;
}

describe('waiting for what is unavailable', () => {
  it('repeats a step until it is done, and says each time why', async () => {
    const step = failing(away, new ServiceUnavailable());
    const waits: unknown[] = [];
    const done = untilAvailable(step, { pauseMs: 1, onWaiting: (error, attempt) => waits.push([error, attempt]) });
    expect(await done).toBe('done');
    expect(waits).toEqual([
      [away, 1],
      [expect.any(ServiceUnavailable), 2],
    ]);
  });

  it('does not repeat a step that fails for another reason', async () => {
    const wrong = new Error('password authentication failed');
    const step = failing(wrong);
    await expect(untilAvailable(step, { pauseMs: 1 })).rejects.toBe(wrong);
    expect(step.runs).toBe(1);
  });

  it('throws what failed last when the time is over', async () => {
    let time = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => time);
    const step = failing(...Array<Error>(1_000).fill(away));
    const slowStep = () => {
      time += 3;
      return step();
    };
    await expect(untilAvailable(slowStep, { pauseMs: 2, limitMs: 10 })).rejects.toBe(away);
    jest.restoreAllMocks();
    expect(step.runs).toBe(3);
  });

  it('ends when nobody waits any more', async () => {
    const gone = new AbortController();
    const waiting = untilAvailable(failing(away), {
      pauseMs: 60_000,
      signal: gone.signal,
      onWaiting: () => setImmediate(() => gone.abort()),
    });
    await expect(waiting).rejects.toThrow('aborted');
  });
});
