import type { z } from 'zod';
import { MalformedAnswer, ProviderUnavailable } from '#integrations/errors.js';
import type { FaultCode } from '#integrations/faults/fault-code.js';
import { withFault } from '#integrations/faults/fault-of.js';
import { type HttpClient, type OutboundRequest, RequestFailed } from '#runtime/http/http-client.js';
import { noteDate } from './clock-skew.js';

/** An answer of a provider. */
export interface WireAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** undefined when the body is not JSON. */
  json: unknown;
}

export type Send = (request: OutboundRequest) => Promise<WireAnswer>;

function parseOrNothing(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

const silences: Record<RequestFailed['reason'], [FaultCode, string]> = {
  timeout: ['TIMEOUT', 'did not answer in time'],
  dns: ['DNS_FAILURE', 'could not be reached: its address was not found'],
  tls: ['TLS_FAILURE', 'could not be reached over a secure connection'],
  connection: ['CONNECTION_FAILED', 'could not be reached'],
  'too-large': ['MALFORMED_ANSWER', 'answered more than we can read'],
};

/** Returns how requests to one provider are sent: no answer within the deadline is ProviderUnavailable. */
export function sendTo(
  providerName: string,
  http: HttpClient,
  timeoutMs: number,
  parse: (text: string) => unknown = JSON.parse,
): Send {
  return async (request) => {
    try {
      const { status, headers, body } = await http.send({ timeoutMs, provider: providerName, ...request });
      noteDate(providerName, headers.date);
      return { status, headers, json: parseOrNothing(body, parse) };
    } catch (cause) {
      if (!(cause instanceof RequestFailed)) throw cause;
      const [fault, what] = silences[cause.reason];
      throw withFault(fault, new ProviderUnavailable(providerName, what, { cause }));
    }
  };
}

/** Returns the part of an answer we know. Throws ProviderUnavailable for anything else, so that no guess becomes a number. */
export function readAnswer<Schema extends z.ZodType>(
  providerName: string,
  schema: Schema,
  json: unknown,
): z.output<Schema> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const place = result.error.issues[0]?.path.join('.');
  const what = `answered in an unexpected form${place ? ` (${place})` : ''}`;
  throw new MalformedAnswer(providerName, what, { cause: result.error });
}
