import { describe, expect, it } from '@jest/globals';
import { InvalidInput, RateLimited, ServiceUnavailable } from '#runtime/errors.js';
import { GraphRequestFailed } from '#runtime/http/graph-client.js';
import { RequestFailed } from '#runtime/http/http-client.js';
import { isUnavailable, type Postponement, postpone } from './postpone.js';

const named = (name: string) => Object.assign(new Error('no primary'), { name });
const coded = (code: string) => Object.assign(new Error('it failed'), { code });

describe('isUnavailable', () => {
  it.each([
    new ServiceUnavailable(),
    new RateLimited('Too many', 7),
    new GraphRequestFailed('It is away', 'SUBGRAPH_UNAVAILABLE'),
    new GraphRequestFailed('Google Ads does not answer', 'PROVIDER_UNAVAILABLE'),
    new RequestFailed('connection', 'http://reporting:4003'),
    new RequestFailed('timeout', 'https://googleads.googleapis.com'),
    coded('ECONNREFUSED'),
    coded('57P01'),
    named('MongoServerSelectionError'),
    named('MongoNetworkTimeoutError'),
    named('MongoTopologyClosedError'),
    new Error('The report could not be stored', { cause: coded('ECONNRESET') }),
  ])('is true for %s', (error) => expect(isUnavailable(error)).toBe(true));

  it.each([
    new InvalidInput([{ argument: 'range', problem: 'is too long' }]),
    new GraphRequestFailed('There is no account with this id.', 'NOT_FOUND'),
    new RequestFailed('too-large', 'https://googleads.googleapis.com'),
    coded('23505'),
    named('MongoServerError'),
    new TypeError('x is undefined'),
    'no error at all',
    null,
  ])('is false for %s', (error) => expect(isUnavailable(error)).toBe(false));
});

describe('postpone', () => {
  it('doubles the pause up to five minutes, and ends after a day', () => {
    const begin = Date.parse('2026-03-28T23:00:00Z');
    let last: Postponement | undefined;
    let now = begin;
    const pauses: number[] = [];
    for (;;) {
      const next = postpone(last, { now: new Date(now), firstPauseMs: 2_000 });
      if (!next) break;
      last = next.postponement;
      pauses.push(next.pauseMs);
      now += next.pauseMs;
    }
    for (const [index, pauseMs] of pauses.entries()) {
      const longestMs = Math.min(300_000, 2_000 * 2 ** index);
      expect(pauseMs).toBeGreaterThanOrEqual(longestMs / 2);
      expect(pauseMs).toBeLessThanOrEqual(longestMs);
    }
    expect(last).toEqual({ since: '2026-03-28T23:00:00.000Z', count: pauses.length });
    expect(now - begin).toBeGreaterThanOrEqual(24 * 3_600_000);
    expect(now - begin).toBeLessThan(24 * 3_600_000 + 300_000);
  });
});
