import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { addDays, type DayRange, dayIn, daysOf, firstOf, lastOf, unionOfRanges } from '#integrations/calendar-day.js';
import { answerAll, answerGroups } from '#integrations/providers/answer-groups.js';
import type { GoogleApi } from '#integrations/providers/google/api.js';
import { countText } from '#integrations/providers/numbers.js';
import type { LocationDay, LocationDays, Readers, UnreadableRow } from '#integrations/providers/products.js';
import { daysInRange } from '#integrations/providers/products.js';
import { distinctRows } from '#integrations/providers/wire.js';

const CALLS_AT_ONCE = 8;

/** Days after a range that are read besides: a figure there shows that the whole range is reported. */
const DAYS_BEYOND = 14;

type Metric = keyof LocationDay['metrics'];

// https://developers.google.com/my-business/reference/performance/rest/v1/locations#DailyMetric
const metricOf: Record<string, Metric> = {
  BUSINESS_IMPRESSIONS_DESKTOP_MAPS: 'mapsImpressions',
  BUSINESS_IMPRESSIONS_MOBILE_MAPS: 'mapsImpressions',
  BUSINESS_IMPRESSIONS_DESKTOP_SEARCH: 'searchImpressions',
  BUSINESS_IMPRESSIONS_MOBILE_SEARCH: 'searchImpressions',
  BUSINESS_CONVERSATIONS: 'conversations',
  BUSINESS_DIRECTION_REQUESTS: 'directionRequests',
  CALL_CLICKS: 'callClicks',
  WEBSITE_CLICKS: 'websiteClicks',
  BUSINESS_BOOKINGS: 'bookings',
};

const date = z.object({ year: z.number().int(), month: z.number().int(), day: z.number().int() });

const series = z.object({
  dailyMetric: z.string(),
  timeSeries: z
    .object({ datedValues: z.array(z.object({ date, value: z.unknown().optional() })).default([]) })
    .default({ datedValues: [] }),
});

// A missing value is zero.
const figure = countText.default(0);

const answer = z.object({
  multiDailyMetricTimeSeries: z.array(z.object({ dailyMetricTimeSeries: z.array(series).default([]) })).default([]),
});

function queryOf({ start, end }: DayRange): URLSearchParams {
  const query = new URLSearchParams(Object.keys(metricOf).map((metric): [string, string] => ['dailyMetrics', metric]));
  for (const [side, day] of [
    ['startDate', start],
    ['endDate', end],
  ] as const) {
    const [year = '', month = '', dayOfMonth = ''] = day.split('-').map((part) => String(Number(part)));
    query.append(`dailyRange.${side}.year`, year);
    query.append(`dailyRange.${side}.month`, month);
    query.append(`dailyRange.${side}.day`, dayOfMonth);
  }
  return query;
}

const noFigures = (): LocationDay['metrics'] => ({
  searchImpressions: 0,
  mapsImpressions: 0,
  websiteClicks: 0,
  callClicks: 0,
  directionRequests: 0,
  conversations: 0,
  bookings: 0,
});

const dayOf = (dated: z.output<typeof date>) => Temporal.PlainDate.from(dated).toString();

interface Figures {
  days: Map<string, LocationDay['metrics']>;
  unreadable: UnreadableRow[];
}

/**
 * Days without any figure are absent, as Google sends days it has not reported yet as it sends zeros. A day with a value
 * that cannot be read is left out.
 */
function figuresByDay({ multiDailyMetricTimeSeries }: z.output<typeof answer>): Figures {
  const days = new Map<string, LocationDay['metrics']>();
  const unreadable: UnreadableRow[] = [];
  const all = multiDailyMetricTimeSeries.flatMap((one) => one.dailyMetricTimeSeries);
  for (const { dailyMetric, timeSeries } of distinctRows(all, (one) => one.dailyMetric)) {
    const metric = metricOf[dailyMetric];
    if (!metric) continue;
    const values = timeSeries.datedValues.map(({ date: dated, value }) => ({ day: dayOf(dated), value }));
    for (const { day, value } of distinctRows(values, (one) => one.day)) {
      const parsed = figure.safeParse(value);
      if (!parsed.success) {
        unreadable.push({ row: day, day, field: dailyMetric });
        continue;
      }
      if (parsed.data === 0) continue;
      const metrics = days.get(day) ?? noFigures();
      metrics[metric] += parsed.data;
      days.set(day, metrics);
    }
  }
  return { days, unreadable };
}

function reportedIn(range: DayRange, { days, unreadable }: Figures): LocationDays {
  const left = new Set(unreadable.flatMap(({ day }) => day ?? []));
  const [first, ...others] = [...days.keys(), ...left];
  if (!first) return { rows: [], unreadable: [], reportedThrough: null };
  const last = firstOf(range.end, lastOf(first, ...others));
  const rows = daysOf({ start: lastOf(range.start, firstOf(first, ...others)), end: last })
    .filter((day) => !left.has(day))
    .map((day) => ({ day, metrics: days.get(day) ?? noFigures() }));
  return { ...daysInRange({ rows, unreadable }, range), reportedThrough: last < range.start ? null : last };
}

/** Reads all metrics and ranges of a location in one call. */
export const readLocationDays =
  (api: GoogleApi, now: () => Date): Readers['locationDays'] =>
  (accessToken, questions) =>
    answerGroups(
      questions,
      CALLS_AT_ONCE,
      ({ locationId }) => locationId,
      async (group) => {
        const path = `/v1/locations/${group[0].locationId}:fetchMultiDailyMetricsTimeSeries`;
        const { start, end } = unionOfRanges(group.map(({ range }) => range));
        const beyond = firstOf(addDays(end, DAYS_BEYOND), lastOf(end, dayIn('UTC', now())));
        const figures = figuresByDay(await api.get(accessToken, path, queryOf({ start, end: beyond }), answer));
        return answerAll(group, ({ range }) => reportedIn(range, figures));
      },
    );
