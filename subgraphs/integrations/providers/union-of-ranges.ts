import type { DayRange } from './products.js';

/** Returns the days from the first to the last that any of the ranges has. Throws for no ranges. */
export function unionOfRanges(ranges: DayRange[]): DayRange {
  const start = ranges.map((range) => range.start).sort()[0];
  const end = ranges
    .map((range) => range.end)
    .sort()
    .at(-1);
  if (!start || !end) throw new Error('There is no union of no ranges');
  return { start, end };
}

/** Whether a day is in a range. */
export const isInRange = (day: string, { start, end }: DayRange) => day >= start && day <= end;
