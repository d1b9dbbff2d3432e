import { dayIn, findDay } from '#simulator/data/calendar.js';
import { invalidArgument } from '#simulator/google/errors.js';
import type { ReportRequest } from './report-request.js';

export interface DateRange {
  name: string;
  first: number;
  last: number;
}

const MAX_RANGES = 4;
// Analytics accepts no earlier day.
const OLDEST = findDay('2015-08-14') ?? 0;

/** Returns a report's days in the property's time zone. Throws for ranges Google refuses. */
export function readDateRanges(wanted: ReportRequest['dateRanges'], timeZone: string, now: Date): DateRange[] {
  if (wanted.length === 0) {
    throw invalidArgument('Did not specify any dateRanges. This request requires at least one dateRange.');
  }
  if (wanted.length > MAX_RANGES) {
    throw invalidArgument(`This request has ${wanted.length} date ranges, but requests are limited to ${MAX_RANGES}.`);
  }
  const today = dayIn(timeZone, now);
  const ranges = wanted.map(({ startDate, endDate, name }, n) => {
    const [first, last] = [readDay(startDate, today), readDay(endDate, today)];
    if (first > last) throw invalidArgument(`The start date ${startDate} must not be after the end date ${endDate}.`);
    if (/^(date_range_|RESERVED_)/.test(name)) {
      throw invalidArgument(`The dateRange name ${name} must not begin with date_range_ or RESERVED_.`);
    }
    return { name: name || `date_range_${n}`, first, last };
  });
  if (new Set(ranges.map(({ name }) => name)).size < ranges.length) {
    throw invalidArgument('Each dateRange must have a name of its own.');
  }
  return ranges;
}

function readDay(text: string, today: number): number {
  if (text === 'today') return today;
  if (text === 'yesterday') return today - 1;
  const ago = /^(\d{1,5})daysAgo$/.exec(text)?.[1];
  const day = ago === undefined ? findDay(text) : today - Number(ago);
  if (day === null) {
    throw invalidArgument(
      `Invalid value "${text}" for a date. Dates must be in the format YYYY-MM-DD, NdaysAgo, yesterday, or today.`,
    );
  }
  if (day < OLDEST) throw invalidArgument('Dates before 2015-08-14 are not allowed.');
  return day;
}
