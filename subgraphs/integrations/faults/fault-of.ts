import type { StoredFault } from '#integrations/entities/stored-fault.js';
import { MalformedAnswer, ProviderUnavailable, ReconnectRequired } from '#integrations/errors.js';
import { ConfigurationError, Forbidden, NotFound, RateLimited } from '#runtime/errors.js';
import { currentPriority } from '#runtime/scope/priority.js';
import type { FaultCode } from './fault-code.js';

// Most error classes know nothing of providers.
const marked = new WeakMap<Error, FaultCode>();

/** Marks and returns an error whose class does not determine its fault. */
export function withFault<Failure extends Error>(code: FaultCode, error: Failure): Failure {
  marked.set(error, code);
  return error;
}

// A background request refused to keep the reserve: interactive ones still work.
const isReserve = ({ cause }: RateLimited) => cause === undefined && currentPriority() === 'background';

/** Returns the fault of an error; undefined when it says nothing about a connection. */
export function faultOf(error: unknown): FaultCode | undefined {
  if (!(error instanceof Error)) return undefined;
  const mark = marked.get(error);
  if (mark) return mark;
  if (error instanceof ReconnectRequired) return 'TOKEN_REVOKED';
  if (error instanceof RateLimited) return isReserve(error) ? undefined : 'QUOTA_EXHAUSTED';
  if (error instanceof ConfigurationError) return 'CLIENT_REJECTED';
  if (error instanceof Forbidden || error instanceof NotFound) return 'ACCESS_DENIED';
  if (error instanceof MalformedAnswer) return 'MALFORMED_ANSWER';
  // With `retryAfter` our own circuit breaker refused: the fault is recorded already.
  if (error instanceof ProviderUnavailable) return error.retryAfter === undefined ? 'PROVIDER_ERROR' : undefined;
  return undefined;
}

// Their messages have details: which permission, how many minutes.
const DETAILED = new Set<FaultCode>(['SCOPE_MISSING', 'CLOCK_SKEW']);

/** Returns the fault to store for an error, if any. */
export function storedFaultOf(error: Error, now: Date, product?: string): StoredFault | undefined {
  const code = faultOf(error);
  if (!code) return undefined;
  const since = now.toISOString();
  return { code, since, ...(DETAILED.has(code) && { message: error.message }), ...(product && { product }) };
}
