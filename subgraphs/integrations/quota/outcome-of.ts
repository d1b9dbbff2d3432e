import { ProviderUnavailable } from '#integrations/errors.js';
import { RateLimited } from '#runtime/errors.js';
import type { Outcome } from './breaker-state.js';

/** Meta says that it is in trouble in the body, below the status of a bad request. */
const META_TROUBLE = new Set<unknown>([1, 2]);

/** Whether a provider did not take the request as it was: asking again says the same, and nothing about the provider. */
function isOurFault({ cause }: ProviderUnavailable): boolean {
  const { status, code } = (cause ?? {}) as { status?: unknown; code?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500 && !META_TROUBLE.has(code);
}

/**
 * Says what an answer tells about the account behind it. A person's consent that is gone and whatever else a provider refuses
 * are answers; a limit says nothing, and may be our own.
 */
export function outcomeOf(answer: unknown): Outcome {
  if (answer instanceof ProviderUnavailable) return isOurFault(answer) ? 'answered' : 'failed';
  return answer instanceof RateLimited ? 'unknown' : 'answered';
}
