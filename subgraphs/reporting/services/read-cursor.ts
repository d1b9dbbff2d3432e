import type { z } from 'zod';
import { decodeCursor } from '#kit/page.js';
import { InvalidInput } from '#runtime/errors.js';

/** Returns the position in a cursor. Throws InvalidInput unless it has this shape. */
export function readCursor<Position extends z.ZodTuple>(position: Position, cursor: string): z.output<Position> {
  const result = position.safeParse(decodeCursor(cursor, position.def.items.length));
  if (result.success) return result.data;
  throw new InvalidInput([{ argument: 'after', problem: 'is not a cursor of this list' }]);
}
