import { countDays, type DayRange, dayIn } from '#integrations/calendar-day.js';
import {
  type Comparison,
  comparedDays,
  comparedUnitsOf,
  type DayInUnit,
  type TimeUnit,
  unitsOf,
} from '#integrations/compared-days.js';
import type { Context } from '#integrations/context.js';
import { type Period, periodDays } from '#integrations/period-days.js';
import { refusal } from '#integrations/services/shared/refusal.js';
import { requireIncludedDays } from '#runtime/entitlements/history-days.js';

const MAX_DAYS = 800;
const FIRST_DAY = '2000-01-01';
const DEFAULT_PERIOD: Period = 'LAST_30_DAYS';

/** The arguments that choose the days of figures. */
export interface DaysArguments {
  /** Of the organization. */
  timeZone: string;
  period?: Period | null;
  range?: DayRange | null;
  compareTo?: Comparison | null;
  compareRange?: DayRange | null;
}

/** The days of figures, and those they are compared with. */
export interface FigureDays {
  range: DayRange;
  compared: DayRange | null;
}

/** Throws InvalidInput unless these are days that figures may have, at most 800. */
export function checkDays(argument: string, { start, end }: DayRange): void {
  if (end < start) throw refusal(argument, 'must not end before it starts');
  if (start < FIRST_DAY) throw refusal(argument, `must not start before ${FIRST_DAY}`);
  if (countDays(start, end) > MAX_DAYS) throw refusal(argument, `must not be longer than ${MAX_DAYS} days`);
}

/** Returns the days in question, the 30 up to yesterday by default. Throws InvalidInput. */
export function figureDays(given: DaysArguments, now: Date): FigureDays {
  const { period, timeZone, compareTo, compareRange } = given;
  if (period && given.range) throw refusal('period', 'and "range" must not be given both');
  if (compareTo && compareRange) throw refusal('compareTo', 'and "compareRange" must not be given both');
  const range = given.range ?? periodDays(period ?? DEFAULT_PERIOD, dayIn(timeZone, now));
  checkDays('range', range);
  if (compareRange) checkDays('compareRange', compareRange);
  const compared = compareRange ?? (compareTo ? comparedDays(range, compareTo, period ?? undefined) : null);
  return { range, compared };
}

/** Returns the days in question, once the organization's plan includes them. Throws InvalidInput and LIMIT_REACHED. */
export async function includedDays(
  { services }: Pick<Context, 'services'>,
  given: DaysArguments & { organizationId: string },
): Promise<FigureDays> {
  const days = figureDays(given, services.now());
  const { organizationId } = given;
  await requireIncludedDays(services, { organizationId, days: [days.range, days.compared] });
  return days;
}

/** Days with the units of time they count to. */
export interface FigureUnits {
  current: DayInUnit[];
  previous: DayInUnit[];
}

/** Returns the days of a question with their units, those of the compared days with the units they are compared with. */
export function figureUnits(
  { range, compared }: FigureDays,
  unit: TimeUnit,
  compareTo: Comparison | null | undefined,
): FigureUnits {
  return {
    current: unitsOf(range, unit),
    previous: compared ? comparedUnitsOf(compared, range, unit, compareTo === 'PREVIOUS_YEAR') : [],
  };
}
