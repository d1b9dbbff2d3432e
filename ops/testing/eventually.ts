import { setTimeout as wait } from 'node:timers/promises';

// Far longer than anything takes on a busy machine.
const LIMIT_MS = 60_000;
const POLL_MS = 20;

/** Resolves as soon as `isTrue`, and fails with `what` at the limit. */
export async function eventually(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  limitMs = LIMIT_MS,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`Not within ${limitMs} ms: ${what}`);
    await wait(POLL_MS);
  }
}

/** Whether work is done without an error. */
export const succeeds = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );
