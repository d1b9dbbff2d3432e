import type { z } from 'zod';
import { MalformedAnswer } from '#integrations/errors.js';
import type { OutboundRequest } from '#runtime/http/http-client.js';
import type { UnreadableRow } from './products.js';

export interface WireAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** undefined = not JSON. */
  json: unknown;
}

/** Returns the answer, whatever its status. */
export type Send = (request: OutboundRequest) => Promise<WireAnswer>;

const unexpected = (path: string) => `answered in an unexpected form${path ? ` (${path})` : ''}`;

/** Validates an answer. Throws MalformedAnswer: no guess becomes a number. */
export function readAnswer<Schema extends z.ZodType>(
  providerName: string,
  schema: Schema,
  json: unknown,
): z.output<Schema> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new MalformedAnswer(providerName, unexpected(fieldOf(result.error)), { cause: result.error });
}

const fieldOf = ({ issues }: z.ZodError) => issues[0]?.path.join('.') ?? '';

/**
 * Validates rows one by one: one that cannot be read is named by `identity`, or its position, and left out. Throws
 * MalformedAnswer when none can be read.
 */
export function readRows<Schema extends z.ZodType>(
  providerName: string,
  schema: Schema,
  rows: unknown[],
  identity: z.ZodType<Omit<UnreadableRow, 'field'>>,
): { read: z.output<Schema>[]; unreadable: UnreadableRow[] } {
  const read: z.output<Schema>[] = [];
  const unreadable: UnreadableRow[] = [];
  let firstError: z.ZodError | undefined;
  for (const [index, row] of rows.entries()) {
    const result = schema.safeParse(row);
    if (result.success) {
      read.push(result.data);
      continue;
    }
    firstError ??= result.error;
    const named = identity.safeParse(row);
    unreadable.push({ ...(named.success ? named.data : { row: `#${index + 1}` }), field: fieldOf(result.error) });
  }
  if (firstError && read.length === 0) {
    throw new MalformedAnswer(providerName, unexpected(fieldOf(firstError)), { cause: firstError });
  }
  return { read, unreadable };
}

/** Returns each row once. Lists that change while they are paged may repeat a row: the later one counts. */
export function distinctRows<Row>(rows: Row[], keyOf: (row: Row) => string): Row[] {
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
}
