import { it } from '@jest/globals';

/** Returns an `it` for tests that begin where the one before has ended: after one that failed the others are not tried. */
export function describeSteps(): (title: string, work: () => Promise<void>) => void {
  let hasFailed = false;
  return (title, work) =>
    it(title, async () => {
      if (hasFailed) throw new Error('An earlier step failed');
      hasFailed = true;
      await work();
      hasFailed = false;
    });
}
