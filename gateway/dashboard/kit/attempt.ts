import { describeError, invalidate } from '#dashboard/graph/query.ts';
import type { Notice } from './notice.ts';
import { notify } from './toast.tsx';

/** What follows something that was tried. */
export interface Outcome {
  /** Said when it is done; absent = nothing. */
  done?: string;
  /** Offered with `done`: takes it back. */
  undo?: Notice['undo'];
  /** Said above why it failed; absent = why alone. */
  failed?: string;
  /** Operations that are asked again in either case. */
  refresh?: readonly string[];
}

/** Says in a notice why something failed, below `title` where that is given. */
export function notifyFailure(error: unknown, title?: string): void {
  const { message } = describeError(error);
  notify({ ...(title === undefined ? { title: message } : { title, text: message }), kind: 'failed' });
}

/** Runs what a button does, and says in a notice how it ended. Never rejects for what `work` rejects. */
export async function attempt(work: () => Promise<unknown>, outcome: Outcome = {}): Promise<void> {
  const { done, undo, failed, refresh = [] } = outcome;
  try {
    await work();
    if (done) notify({ title: done, undo });
  } catch (error) {
    notifyFailure(error, failed);
  }
  await invalidate(...refresh);
}
