import { describe, expect, it } from '@jest/globals';
import { IntrospectionTurns } from './introspection-turns.js';

const LARGE = 1024 * 1024;

describe('IntrospectionTurns', () => {
  it('makes large answers wait for each other, small ones not', async () => {
    const turns = new IntrospectionTurns();
    const events: string[] = [];
    const end = await turns.take(LARGE);
    const second = turns.take(LARGE).then((endSecond) => {
      events.push('second');
      endSecond();
    });
    await turns.take(1_000);
    events.push('small');
    end();
    await second;
    expect(events).toEqual(['small', 'second']);
  });

  it('refuses more than twenty that wait, and admits again after them', async () => {
    const turns = new IntrospectionTurns();
    const end = await turns.take(LARGE);
    const waiting = Array.from({ length: 20 }, () => turns.take(LARGE).then((endIt) => endIt()));
    await expect(turns.take(LARGE)).rejects.toMatchObject({ extensions: { code: 'RATE_LIMITED', retryAfter: 1 } });
    end();
    end();
    await Promise.all(waiting);
    await expect(turns.take(LARGE)).resolves.toBeInstanceOf(Function);
  });
});
