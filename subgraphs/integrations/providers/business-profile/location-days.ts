import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { type DayRange, daysOf, unionOfRanges } from '#integrations/calendar-day.js';
import { answerAll, answerGroups } from '#integrations/providers/answer-groups.js';
import type { GoogleApi } from '#integrations/providers/google/api.js';
import { countText } from '#integrations/providers/numbers.js';
import type { LocationDay, Readers } from '#integrations/providers/products.js';

const CALLS_AT_ONCE = 8;

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
    // A missing value is zero.
    .object({ datedValues: z.array(z.object({ date, value: countText.default(0) })).default([]) })
    .default({ datedValues: [] }),
});

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

function figuresByDay({ multiDailyMetricTimeSeries }: z.output<typeof answer>): Map<string, LocationDay['metrics']> {
  const days = new Map<string, LocationDay['metrics']>();
  for (const { dailyMetric, timeSeries } of multiDailyMetricTimeSeries.flatMap((one) => one.dailyMetricTimeSeries)) {
    const metric = metricOf[dailyMetric];
    if (!metric) continue;
    for (const { date: dated, value } of timeSeries.datedValues) {
      const day = dayOf(dated);
      const metrics = days.get(day) ?? noFigures();
      metrics[metric] += value;
      days.set(day, metrics);
    }
  }
  return days;
}

/** Reads all metrics and ranges of a location in one call. */
export const readLocationDays =
  (api: GoogleApi): Readers['locationDays'] =>
  (accessToken, questions) =>
    answerGroups(
      questions,
      CALLS_AT_ONCE,
      ({ locationId }) => locationId,
      async (group) => {
        const path = `/v1/locations/${group[0].locationId}:fetchMultiDailyMetricsTimeSeries`;
        const query = queryOf(unionOfRanges(group.map(({ range }) => range)));
        const figures = figuresByDay(await api.get(accessToken, path, query, answer));
        return answerAll(group, ({ range }) =>
          daysOf(range).map((day) => ({ day, metrics: figures.get(day) ?? noFigures() })),
        );
      },
    );
