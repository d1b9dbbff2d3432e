import { currentScope, withScope } from './scope.js';

/** Whether a client waits for the work. */
export type Priority = 'interactive' | 'background';

/** Runs `work` in the background: it leaves a share of what is scarce, such as a provider's limits, to interactive requests. */
export function inBackground<Result>(work: () => Result): Result {
  return withScope({ ...currentScope(), priority: 'background' }, work);
}

/** Returns the priority of the work that is running. */
export function currentPriority(): Priority {
  return currentScope().priority ?? 'interactive';
}
