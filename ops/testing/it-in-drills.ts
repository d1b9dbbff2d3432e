import { it } from '@jest/globals';

declare global {
  /** Whether the slow cases of a file run `alone` or `too`; absent = they do not. */
  var slowCases: 'alone' | 'too' | undefined;
}

const unregistered = Object.assign(() => {}, { each: () => () => {} }) as unknown as typeof it.only;
const registered = globalThis.slowCases === 'too' ? it : it.only;

/**
 * `it` for a case of seconds beside quicker ones of its kind: not in `npm test`, but in the drills. `slow-cases.drill.test.ts` of
 * a folder imports the files with such cases.
 */
export const itInDrills: typeof it.only = globalThis.slowCases ? registered : unregistered;
