import type { z } from 'zod';
import { InvalidInput } from '#runtime/errors.js';

/** Relay paging arguments. */
export interface PageArguments {
  first: number;
  after?: string | null;
}

export interface Page<Node> {
  edges: { cursor: string; node: Node }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

const MAX_PAGE = 1_000;

/** Throws InvalidInput unless `first` is 1 to 1000. */
export function checkPageSize(first: number): void {
  if (first >= 1 && first <= MAX_PAGE) return;
  throw new InvalidInput([{ argument: 'first', problem: `must be 1 to ${MAX_PAGE}` }]);
}

/** Returns an opaque cursor. */
export function encodeCursor(position: unknown[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

const foreignCursor = () => new InvalidInput([{ argument: 'after', problem: 'is not a cursor of this list' }]);

/** Returns the position in a cursor. Throws InvalidInput for anything `encodeCursor` did not make. */
export function decodeCursor(cursor: string, length: number): unknown[] {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(position) && position.length === length) return position;
  } catch {
    // Not JSON: refused below like any other foreign cursor.
  }
  throw foreignCursor();
}

/** Returns the position in a cursor. Throws InvalidInput unless it has this shape. */
export function readCursor<Position extends z.ZodTuple>(position: Position, cursor: string): z.output<Position> {
  const result = position.safeParse(decodeCursor(cursor, position.def.items.length));
  if (result.success) return result.data;
  throw foreignCursor();
}

/** Returns a page of `first` rows; the caller reads one more, which shows whether there is a next page. */
export function pageOf<Node>(
  rows: Node[],
  { first, after }: PageArguments,
  positionOf: (node: Node) => unknown[],
): Page<Node> {
  const edges = rows.slice(0, first).map((node) => ({ cursor: encodeCursor(positionOf(node)), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage: Boolean(after),
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
