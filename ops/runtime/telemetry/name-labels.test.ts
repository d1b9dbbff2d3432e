import { beforeEach, describe, expect, it } from '@jest/globals';
import { nameLabels } from './name-labels.js';

describe('the label of an operation', () => {
  let forgotten: string[];
  let label: ReturnType<typeof nameLabels>;
  const use = (name: string, times: number, isSignedIn = true) =>
    Array.from({ length: times }, () => label(name, isSignedIn)).at(-1);

  beforeEach(() => {
    forgotten = [];
    label = nameLabels((name) => forgotten.push(name));
  });

  it('is its name once signed-in callers have used it ten times', () => {
    expect([use('Dashboard', 9), use('Dashboard', 1), use('Dashboard', 1, false)]).toEqual([
      'other',
      'Dashboard',
      'Dashboard',
    ]);
  });

  it('is not its name however often anyone else uses it', () => {
    expect(use('Invented', 100, false)).toBe('other');
  });

  it('is free again for names in use after others were used up by inventing them', () => {
    for (let at = 0; at < 200; at += 1) use(`Invented${at}`, 10);
    expect(use('Dashboard', 10)).toBe('Dashboard');
    expect(forgotten).toEqual(['Invented0']);
  });

  it('is kept by use while others come and go', () => {
    use('Dashboard', 10);
    for (let at = 0; at < 1_000; at += 1) {
      use(`Invented${at}`, 10);
      use('Dashboard', 1);
    }
    expect(forgotten).not.toContain('Dashboard');
    expect(forgotten).toHaveLength(801);
  });
});
