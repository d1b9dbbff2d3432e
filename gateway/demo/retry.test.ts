import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { AppError, type ErrorCode } from '#runtime/errors.js';
import { RequestFailed } from '#runtime/http/http-client.js';
import { retry } from './retry.js';

const WITHIN_MS = 60_000;
const options = (signal = new AbortController().signal) => ({ withinMs: WITHIN_MS, firstPauseMs: 1, signal });
const code = (name: ErrorCode, retryAfter?: number) => new AppError(name, name, { retryAfter });

/** A step that fails with these errors, one after the other, and then succeeds. */
function failing(...errors: Error[]) {
  let attempts = 0;
  const step = async () => {
    const error = errors[attempts++];
    if (error) throw error;
    return 'done';
  };
  return { step, attempts: () => attempts };
}

describe('retry', () => {
  afterEach(() => void jest.restoreAllMocks());

  it.each<[string, Error]>([
    ['a timeout', new RequestFailed('timeout', 'http://localhost')],
    ['a lost connection', new RequestFailed('connection', 'http://localhost')],
    ['RATE_LIMITED', code('RATE_LIMITED')],
    ['SUBGRAPH_UNAVAILABLE', code('SUBGRAPH_UNAVAILABLE')],
    ['SERVICE_UNAVAILABLE', code('SERVICE_UNAVAILABLE')],
    ['PROVIDER_UNAVAILABLE', code('PROVIDER_UNAVAILABLE')],
  ])('tries again after %s', async (_what, error) => {
    const { step, attempts } = failing(error, error);
    expect(await retry(step, options())).toBe('done');
    expect(attempts()).toBe(3);
  });

  it.each<[string, Error]>([
    ['CONFLICT', code('CONFLICT')],
    ['BAD_USER_INPUT', code('BAD_USER_INPUT')],
    ['INTERNAL_SERVER_ERROR', code('INTERNAL_SERVER_ERROR')],
    ['a programming error', new TypeError('undefined')],
  ])('does not try again after %s', async (_what, error) => {
    const { step, attempts } = failing(error);
    await expect(retry(step, options())).rejects.toBe(error);
    expect(attempts()).toBe(1);
  });

  it('throws the last failure once the time is up', async () => {
    const errors = Array.from({ length: 100 }, (_, index) => new RequestFailed('timeout', `http://host-${index}`));
    const { step, attempts } = failing(...errors);
    // Each attempt takes a fifth of the time.
    jest.spyOn(performance, 'now').mockImplementation(() => (attempts() * WITHIN_MS) / 5);
    const error = await retry(step, options()).catch((thrown) => thrown);
    expect(error).toBe(errors[4]);
    expect(attempts()).toBe(5);
  });

  it('waits as long as the API asks for, if the time allows', async () => {
    const passing = failing(code('RATE_LIMITED', 0.1));
    const startedAt = performance.now();
    await retry(passing.step, options());
    expect(performance.now() - startedAt).toBeGreaterThan(95);
    const error = code('RATE_LIMITED', 900);
    await expect(retry(failing(error).step, options())).rejects.toBe(error);
  });

  it('ends with the last failure when it is aborted', async () => {
    const stop = new AbortController();
    const error = code('RATE_LIMITED', 30);
    const result = retry(failing(error).step, options(stop.signal)).catch((thrown) => thrown);
    stop.abort();
    expect(await result).toBe(error);
  });
});
