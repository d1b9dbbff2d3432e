import type { z } from 'zod';
import { type HttpClient, type OutboundRequest, RequestFailed } from '../../../ops/runtime/http-client.js';
import { ProviderUnavailable } from '../errors.js';

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

const silences: Record<RequestFailed['reason'], string> = {
  timeout: 'did not answer in time',
  connection: 'could not be reached',
  'too-large': 'answered more than we can read',
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
      return { status, headers, json: parseOrNothing(body, parse) };
    } catch (cause) {
      if (!(cause instanceof RequestFailed)) throw cause;
      throw new ProviderUnavailable(providerName, silences[cause.reason], { cause });
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
  throw new ProviderUnavailable(providerName, `answered in an unexpected form${place ? ` (${place})` : ''}`, {
    cause: result.error,
  });
}
