import { describe, expect, it } from '@jest/globals';
import type { Alert } from '#runtime/alert.js';
import { AlertGroups, GROUP_WINDOW_MS } from './alert-groups.js';

const alert = (key: string, message = key): Alert => ({
  category: 'internal',
  key,
  runbook: 'unexpected-error',
  message,
});

describe('AlertGroups', () => {
  it('says when the first and the last of them happened, not when it says so', () => {
    const groups = new AlertGroups();
    groups.add(alert('a'), 1_000);
    groups.add(alert('a'), 2_000);
    groups.add(alert('a'), 61_000);
    const times = [{ count: 2, firstAt: new Date(2_000), lastAt: new Date(61_000) }];
    expect(groups.takeEnded(1_000 + GROUP_WINDOW_MS)).toMatchObject(times);
    groups.add(alert('a'), 1_000_000);
    const late = 2_000_000;
    expect(groups.add(alert('a'), late)).toMatchObject({
      count: 2,
      firstAt: new Date(1_000_000),
      lastAt: new Date(late),
    });
  });

  it('reports the first at once and its repeats as one, with their number, when the window ends', () => {
    const groups = new AlertGroups();
    expect(groups.add(alert('a', 'first'), 0)).toMatchObject({ count: 1, alert: { message: 'first' } });
    expect(groups.add(alert('a', 'second'), 1)).toBeUndefined();
    expect(groups.add(alert('a', 'third'), GROUP_WINDOW_MS - 1)).toBeUndefined();
    expect(groups.takeEnded(GROUP_WINDOW_MS - 1)).toEqual([]);
    expect(groups.takeEnded(GROUP_WINDOW_MS)).toMatchObject([{ count: 2, alert: { message: 'third' } }]);
    // A report begins another window.
    expect(groups.add(alert('a'), GROUP_WINDOW_MS + 1)).toBeUndefined();
    expect(groups.takeEnded(2 * GROUP_WINDOW_MS)).toMatchObject([{ count: 1 }]);
    expect(groups.takeEnded(3 * GROUP_WINDOW_MS)).toEqual([]);
    expect(groups.nextEnd()).toBeUndefined();
    expect(groups.add(alert('a'), 3 * GROUP_WINDOW_MS)).toMatchObject({ count: 1 });
  });

  it('loses no repeat when the next one comes before the ended window is taken', () => {
    const groups = new AlertGroups();
    groups.add(alert('a'), 0);
    groups.add(alert('a'), 1);
    expect(groups.add(alert('a'), GROUP_WINDOW_MS)).toMatchObject({ count: 2 });
  });

  it('keeps problems apart, by category and key', () => {
    const groups = new AlertGroups();
    expect(groups.add(alert('a'), 0)).toBeDefined();
    expect(groups.add(alert('b'), 0)).toBeDefined();
    expect(groups.add({ ...alert('a'), category: 'job' }, 0)).toBeDefined();
  });

  it('returns all repeats when a process ends', () => {
    const groups = new AlertGroups();
    for (const key of ['a', 'b', 'b', 'b']) groups.add(alert(key), 0);
    expect(groups.takeAll()).toMatchObject([{ alert: { key: 'b' }, count: 2 }]);
    expect(groups.takeAll()).toEqual([]);
  });

  it('is bounded in size', () => {
    const groups = new AlertGroups();
    for (let number = 0; number < 10_000; number += 1) {
      groups.add(alert(`${number}`), 0);
      groups.add(alert(`${number}`), 0);
    }
    expect(groups.takeAll()).toHaveLength(500);
  });
});
