import { ProviderUnavailable, TooMuchData } from '#integrations/errors.js';
import type { FaultCode } from '#integrations/faults/fault-code.js';
import { withFault } from '#integrations/faults/fault-of.js';
import type { LimitRules } from '#integrations/quota/limits.js';
import { RequestFailed } from '#runtime/http/http-client.js';
import { currentScope } from '#runtime/scope/scope.js';
import { recordClock } from './clock-skew.js';
import type { ProviderDescription, ProviderTools } from './provider.js';
import type { Send, WireAnswer } from './wire.js';

interface TransportOptions {
  limits: LimitRules;
  timeoutMs: number;
  /** JSON.parse by default. */
  parse?(text: string): unknown;
}

function parseOrNothing(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

const failures: Record<RequestFailed['reason'], [FaultCode, string]> = {
  timeout: ['TIMEOUT', 'did not answer in time'],
  dns: ['DNS_FAILURE', 'could not be reached: its address was not found'],
  tls: ['TLS_FAILURE', 'could not be reached over a secure connection'],
  connection: ['CONNECTION_FAILED', 'could not be reached'],
  'too-large': ['MALFORMED_ANSWER', 'answered more than we can read'],
};

/**
 * Returns how to send requests within a provider's limits. Throws ProviderUnavailable without an answer in time,
 * RateLimited when a limit is exhausted.
 */
export function openTransport(
  provider: Pick<ProviderDescription, 'id' | 'name'>,
  { governor, http, now }: Pick<ProviderTools, 'governor' | 'http' | 'now'>,
  { limits, timeoutMs, parse = JSON.parse }: TransportOptions,
): Send {
  return async (request) => {
    const reservation = governor?.reserve(provider, limits.chargesOf(request));
    // A probe is one request, not repeated.
    const isIdempotent = request.isIdempotent && !(governor && currentScope().customer?.isProbing);
    const beforeEach = reservation && ((msLeft: number) => reservation.acquire(msLeft));
    let answer: WireAnswer | undefined;
    try {
      const outbound = { timeoutMs, provider: provider.name, ...request, isIdempotent };
      const { status, headers, body } = await http.send({ ...outbound, ...(beforeEach && { beforeEach }) });
      recordClock(provider.name, headers.date);
      answer = { status, headers, json: parseOrNothing(body, parse) };
      return answer;
    } catch (cause) {
      if (!(cause instanceof RequestFailed)) throw cause;
      const [fault, what] = failures[cause.reason];
      const Failure = cause.reason === 'too-large' ? TooMuchData : ProviderUnavailable;
      throw withFault(fault, new Failure(provider.name, what, { cause }));
    } finally {
      await reservation?.release(answer && limits.reportedBy(answer, request, now()));
    }
  };
}
