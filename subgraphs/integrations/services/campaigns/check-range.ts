import type { DayRange } from '#integrations/providers/products.js';
import { InvalidInput } from '#runtime/errors.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_DAYS = 366;
const FIRST_DAY = '2000-01-01';

function problemOf({ start, end }: DayRange, now: Date): string | undefined {
  if (end < start) return 'must not end before it starts';
  if (start < FIRST_DAY) return `must not start before ${FIRST_DAY}`;
  // In the first time zones of the world it is tomorrow already.
  const tomorrow = new Date(now.getTime() + DAY_MS).toISOString().slice(0, 10);
  if (start > tomorrow) return 'must not start in the future';
  const days = (Date.parse(end) - Date.parse(start)) / DAY_MS + 1;
  return days > MAX_DAYS ? `must not be longer than ${MAX_DAYS} days` : undefined;
}

/** Throws InvalidInput unless the range is one that can be asked for. It may end in the future: "this month" does. */
export function checkRange(range: DayRange, now: Date): void {
  const problem = problemOf(range, now);
  if (problem) throw new InvalidInput([{ argument: 'range', problem }]);
}
