import { describeError } from '#dashboard/graph/query.ts';
import { notify } from './toast.tsx';

/** Runs what a button does, and says in a notice what failed, or `done` where that is given. */
export async function attempt(work: () => Promise<unknown>, done?: string): Promise<void> {
  try {
    await work();
    if (done) notify({ title: done });
  } catch (error) {
    notify({ title: describeError(error).message, kind: 'failed' });
  }
}
