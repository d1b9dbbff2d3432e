import { expect, it } from '@jest/globals';
import { ErrorShare } from './error-share.js';

it('the requests of five minutes are counted, and no older ones', () => {
  const share = new ErrorShare();
  const begin = Date.UTC(2026, 10, 30);
  for (let second = 0; second < 600; second += 10) share.count(second % 100 === 0, begin + 1_000 * second);
  expect(share.read(begin + 599_000)).toEqual({ requests: 30, errors: 3 });
  expect(share.read(begin + 600_000 + 200_000)).toEqual({ requests: 9, errors: 0 });
  expect(share.read(begin + 2 * 600_000)).toEqual({ requests: 0, errors: 0 });
});
