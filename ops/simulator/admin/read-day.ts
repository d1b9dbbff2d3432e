import { findDay } from '#simulator/data/calendar.js';
import { AdminInputError } from './tools.js';

/** Returns the day number of a date in the query. */
export function readDay(query: URLSearchParams, name: string): number {
  const day = findDay(query.get(name) ?? '');
  if (day === null) throw new AdminInputError(`${name} must be a date such as 2026-10-01`);
  return day;
}
