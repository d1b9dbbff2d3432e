import { DAILY_METRICS, metricOfDay } from '#simulator/data/business-day.js';
import { type BusinessLocation, businessAccounts, businessLocations } from '#simulator/data/business-locations.js';
import { dateOf, dayIn } from '#simulator/data/calendar.js';
import type { Range } from './truth.js';

const KNOWN_AFTER_DAYS = 3;

/** Returns Business Profile's last day with data. */
export function lastBusinessDay(now: Date): number {
  return dayIn('America/Los_Angeles', now) - KNOWN_AFTER_DAYS;
}

/** Returns the expected figures of every location. */
export function businessTruth({ first, last }: Range, now: Date, daily: boolean) {
  const end = Math.min(last, lastBusinessDay(now));
  const days = Array.from({ length: Math.max(0, end - first + 1) }, (_, n) => first + n);
  return businessAccounts.map(({ id, name, people }) => ({
    id,
    name,
    people,
    locations: businessLocations
      .filter(({ accountId }) => accountId === id)
      .map((location) => truthOfLocation(location, days, daily)),
  }));
}

function truthOfLocation(location: BusinessLocation, days: number[], daily: boolean) {
  const byDay = days.map((day) => DAILY_METRICS.map((metric) => metricOfDay(location, metric, day)));
  return {
    id: location.id,
    name: location.title,
    storeCode: location.storeCode,
    isOpen: location.isOpen,
    metrics: Object.fromEntries(
      DAILY_METRICS.map((metric, n) => [metric, byDay.reduce((sum, values) => sum + (values[n] ?? 0), 0)]),
    ),
    ...(daily && {
      daily: days.map((day, at) => ({
        date: dateOf(day),
        ...Object.fromEntries(DAILY_METRICS.map((metric, n) => [metric, byDay[at]?.[n] ?? 0])),
      })),
    }),
  };
}
