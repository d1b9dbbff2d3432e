import type { z } from 'zod';
import { MalformedAnswer } from '#integrations/errors.js';
import type { OutboundRequest } from '#runtime/http/http-client.js';

export interface WireAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** undefined = not JSON. */
  json: unknown;
}

/** Returns the answer, whatever its status. */
export type Send = (request: OutboundRequest) => Promise<WireAnswer>;

/** Validates an answer. Throws MalformedAnswer: no guess becomes a number. */
export function readAnswer<Schema extends z.ZodType>(
  providerName: string,
  schema: Schema,
  json: unknown,
): z.output<Schema> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const path = result.error.issues[0]?.path.join('.');
  const what = `answered in an unexpected form${path ? ` (${path})` : ''}`;
  throw new MalformedAnswer(providerName, what, { cause: result.error });
}
