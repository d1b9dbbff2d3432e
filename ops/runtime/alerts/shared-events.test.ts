import { beforeEach, expect, it } from '@jest/globals';
import type { Notice } from '#runtime/alert.js';
import { openAtomicStore } from '#runtime/cache/atomic-store.js';
import { MemoryStore } from '#runtime/cache/memory-store.js';
import { GROUP_WINDOW_MS } from './alert-groups.js';
import { SharedEvents } from './shared-events.js';

const BEGIN = Date.UTC(2026, 10, 30);
let now: number;
let processes: SharedEvents[];
beforeEach(() => {
  now = BEGIN;
  const store = openAtomicStore(new MemoryStore(), 'alerts');
  processes = Array.from({ length: 8 }, () => new SharedEvents(store.update, () => now));
});

const notice = (count: number, key = 'a'): Notice => ({
  alert: { category: 'internal', key, runbook: 'unexpected-error', message: key },
  count,
  firstAt: new Date(now),
  lastAt: new Date(now),
  source: { program: 'gateway', host: 'h', instance: 'h/1' },
});
const claimAll = async (count: number) => {
  const claims = await Promise.all(processes.map((events) => events.claim(notice(count))));
  return claims.flatMap(({ due }) => due ?? []);
};

it('the first event of eight processes is reported once, the others with the next notice, with their first and last time', async () => {
  expect(await claimAll(1)).toMatchObject([{ count: 1 }]);
  now = BEGIN + 60_000;
  expect(await claimAll(2)).toEqual([]);
  now = BEGIN + GROUP_WINDOW_MS;
  const [first, ...others] = await claimAll(0);
  expect(others).toEqual([]);
  // Seven of the first minute, and twice eight.
  expect(first).toMatchObject({ count: 23, firstAt: new Date(BEGIN), lastAt: new Date(BEGIN + 60_000) });
  expect(await claimAll(0)).toEqual([]);
});

it('another problem, and the same after the window, is reported at once', async () => {
  const [one, other] = processes as [SharedEvents, SharedEvents];
  await one.claim(notice(1));
  expect((await other.claim(notice(1, 'b'))).due).toMatchObject({ count: 1 });
  expect(await other.claim(notice(1))).toEqual({ due: undefined, retryAt: BEGIN + GROUP_WINDOW_MS });
  now = BEGIN + GROUP_WINDOW_MS;
  expect((await other.claim(notice(1))).due).toMatchObject({ count: 2, firstAt: new Date(BEGIN) });
});
