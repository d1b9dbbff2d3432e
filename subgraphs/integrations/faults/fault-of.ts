import type { StoredFault } from '#integrations/entities/stored-fault.js';
import { MalformedAnswer, ProviderUnavailable, ReconnectRequired } from '#integrations/errors.js';
import { ConfigurationError, Forbidden, NotFound, RateLimited } from '#runtime/errors.js';
import { currentPriority } from '#runtime/scope/priority.js';
import type { FaultCode } from './fault-code.js';

// Beside the errors rather than in them: most are of families that know nothing of providers.
const marked = new WeakMap<Error, FaultCode>();

/** Says which fault an error stands for, where its family does not say enough. Returns the error. */
export function withFault<Failure extends Error>(code: FaultCode, error: Failure): Failure {
  marked.set(error, code);
  return error;
}

// What a job is refused, without a word of the provider, is kept for people: to them nothing is wrong.
const isReserve = ({ cause }: RateLimited) => cause === undefined && currentPriority() === 'background';

/** Returns the fault an error stands for; undefined for one that says nothing about a connection, such as a wrong argument. */
export function faultOf(error: unknown): FaultCode | undefined {
  if (!(error instanceof Error)) return undefined;
  const mark = marked.get(error);
  if (mark) return mark;
  if (error instanceof ReconnectRequired) return 'TOKEN_REVOKED';
  if (error instanceof RateLimited) return isReserve(error) ? undefined : 'QUOTA_EXHAUSTED';
  if (error instanceof ConfigurationError) return 'CLIENT_REJECTED';
  if (error instanceof Forbidden || error instanceof NotFound) return 'ACCESS_DENIED';
  if (error instanceof MalformedAnswer) return 'MALFORMED_ANSWER';
  // One that names when to try again is a refusal of our own, because of failures that are known already.
  if (error instanceof ProviderUnavailable) return error.retryAfter === undefined ? 'PROVIDER_ERROR' : undefined;
  return undefined;
}

// The message of these errors has details that the code does not: which permission, how many minutes.
const DETAILED = new Set<FaultCode>(['SCOPE_MISSING', 'CLOCK_SKEW']);

/** Returns the fault to store for an error; undefined when it says nothing about a connection or account. */
export function storedFaultOf(error: Error, now: Date, product?: string): StoredFault | undefined {
  const code = faultOf(error);
  if (!code) return undefined;
  const since = now.toISOString();
  return { code, since, ...(DETAILED.has(code) && { message: error.message }), ...(product && { product }) };
}
