import { currentScope, withScope } from './scope.js';

/** Somebody waits for it, or nobody does. */
export type Priority = 'interactive' | 'background';

/** Runs `work` as something nobody waits for: it leaves a part of what is scarce, such as a provider's quota, to people. */
export function inBackground<Result>(work: () => Result): Result {
  return withScope({ ...currentScope(), priority: 'background' }, work);
}

/** Whether somebody waits for what runs now. */
export function currentPriority(): Priority {
  return currentScope().priority ?? 'interactive';
}
