import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { AppError } from '#runtime/errors.js';
import { anonymous, type Identity } from '#runtime/identity/identity.js';
import { withRequestContext } from '#runtime/scope/request-context.js';
import { hashInTurn } from './hashing-queue.js';

/** Hashes that end when the test says so. */
function openWork() {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const from = (address: string): { identity: Identity } => ({
    identity: { ...anonymous('test'), client: { address } },
  });
  const hash = (name: string, context = from('192.0.2.1')) =>
    hashInTurn(context, {
      work: () => {
        begun.push(name);
        return new Promise<string>((resolve) => ends.push(() => resolve(name)));
      },
    }).catch((error: AppError) => error.code);
  async function endAll(): Promise<void> {
    for (let idle = 0; idle < 3; idle += 1) {
      if (ends.length > 0) idle = 0;
      ends.shift()?.();
      await turn();
    }
  }
  return { begun, from, hash, endAll };
}

describe('the queue of password hashes', () => {
  it('computes two at once, and lets clients alternate', async () => {
    const { begun, from, hash, endAll } = openWork();
    const hashes = ['a1', 'a2', 'a3', 'a4'].map((name) => hash(name));
    hashes.push(hash('b1', from('192.0.2.2')), hash('b2', from('192.0.2.2')));
    hashes.push(hash('u1', { identity: { ...anonymous('test'), kind: 'user', userId: 'ada' } }));
    expect(begun).toEqual(['a1', 'a2']);
    await endAll();
    expect(begun).toEqual(['a1', 'a2', 'b1', 'u1', 'b2', 'a3', 'a4']);
    expect(await Promise.all(hashes)).toEqual(['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'u1']);
  });

  it('refuses a client that has too many waiting, and everyone when it is full', async () => {
    const { from, hash, endAll } = openWork();
    const hashes = Array.from({ length: 21 }, () => hash('one'));
    expect(await hashes.pop()).toBe('RATE_LIMITED');
    // Two of them are computed, so that 18 wait.
    for (let client = 2; client <= 6; client += 1) {
      for (let count = 0; count < 20; count += 1) hashes.push(hash('another', from(`192.0.2.${client}`)));
    }
    expect(await hash('refused', from('192.0.2.7'))).toBe('SERVICE_UNAVAILABLE');
    await endAll();
    const results = await Promise.all(hashes);
    expect(results.filter((result) => result === 'SERVICE_UNAVAILABLE')).toHaveLength(18);
    const after = hash('served');
    await endAll();
    expect(await after).toBe('served');
  });

  it('drops what waits for a client that disconnected, and completes what has begun', async () => {
    const { begun, hash, endAll } = openWork();
    const gone = new AbortController();
    const onBehalf = (name: string) => withRequestContext({ requestId: 'r' }, () => hash(name), gone.signal);
    const hashes = ['one', 'two', 'three'].map(onBehalf);
    const other = hash('other');
    gone.abort();
    expect(await hashes[2]).toBe('SERVICE_UNAVAILABLE');
    expect(begun).toEqual(['one', 'two']);
    expect(await onBehalf('late')).toBe('SERVICE_UNAVAILABLE');
    await endAll();
    expect(await Promise.all([...hashes, other])).toEqual(['one', 'two', 'SERVICE_UNAVAILABLE', 'other']);
    expect(begun).toEqual(['one', 'two', 'other']);
  });
});
