import { addDays, countDays, type DayRange, dayIn, firstOf } from '#integrations/calendar-day.js';
import { requireIncludedDays } from '#runtime/entitlements/history-days.js';
import { InvalidInput } from '#runtime/errors.js';
import type { Services } from '#runtime/services.js';

const MAX_DAYS = 366;
const FIRST_DAY = '2000-01-01';

function problemOf({ start, end }: DayRange, now: Date): string | undefined {
  if (end < start) return 'must not end before it starts';
  if (start < FIRST_DAY) return `must not start before ${FIRST_DAY}`;
  // Ahead of UTC it may be tomorrow already.
  const tomorrow = addDays(dayIn('UTC', now), 1);
  if (start > tomorrow) return 'must not start in the future';
  return countDays(start, end) > MAX_DAYS ? `must not be longer than ${MAX_DAYS} days` : undefined;
}

/** Throws InvalidInput; a range may end in the future, as "this month" does. */
export function checkRange(range: DayRange, now: Date): void {
  const problem = problemOf(range, now);
  if (problem) throw new InvalidInput([{ argument: 'range', problem }]);
}

/** The ranges of one operation: each is checked once, however many campaigns are asked for it. */
export class CheckedRanges {
  readonly #services: Services;
  readonly #checks = new Map<string, Promise<void>>();

  constructor(services: Services) {
    this.#services = services;
  }

  async #check(organizationId: string, range: DayRange): Promise<void> {
    checkRange(range, this.#services.now());
    await requireIncludedDays(this.#services, { organizationId, days: [range] });
  }

  /** Throws InvalidInput, and LIMIT_REACHED for days that the organization's plan does not include. */
  require({ organizationId, range }: { organizationId: string; range: DayRange }): Promise<void> {
    const key = `${organizationId} ${range.start} ${range.end}`;
    const check = this.#checks.get(key) ?? this.#check(organizationId, range);
    this.#checks.set(key, check);
    return check;
  }
}

/**
 * Returns the part of a range that may have figures, up to today in a time zone; null when it begins later. Throws
 * InvalidInput.
 */
export function daysToAsk(range: DayRange, timeZone: string, now: Date): DayRange | null {
  checkRange(range, now);
  const end = firstOf(range.end, dayIn(timeZone, now));
  return end < range.start ? null : { start: range.start, end };
}
