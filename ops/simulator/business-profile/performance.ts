import { DAILY_METRICS, type DailyMetric, keywordsOfMonth, metricOfDay } from '#simulator/data/business-day.js';
import type { BusinessLocation } from '#simulator/data/business-locations.js';
import { dateOf, findDay, startOfMonth } from '#simulator/data/calendar.js';
import { lastBusinessDay } from '#simulator/data/truth/business-truth.js';
import { invalidArgument } from '#simulator/google/errors.js';
import { pageOf } from '#simulator/google/page.js';
import { badBody } from '#simulator/google/read-body.js';
import { findNumber, readPageSize } from '#simulator/google/read-query.js';
import type { WireRequest } from '#simulator/wire.js';

const MONTHS_KEPT = 18;
// Smaller counts are returned as a threshold.
const THRESHOLD = 15;

/** Query parameters of a range of days. */
export const DAILY_RANGE = dateParameters(['dailyRange.startDate', 'dailyRange.endDate']);
/** Query parameters of a range of months; days are ignored. */
export const MONTHLY_RANGE = dateParameters(['monthlyRange.startMonth', 'monthlyRange.endMonth']);

function dateParameters(names: string[]): string[] {
  return names.flatMap((name) => ['year', 'month', 'day'].map((part) => `${name}.${part}`));
}

/** Returns one series per metric. */
export function multiSeries(location: BusinessLocation, request: WireRequest, now: Date) {
  const metrics = request.query.getAll('dailyMetrics').map((name) => readMetric('daily_metrics', name));
  if (metrics.length === 0) throw invalidArgument('At least one daily metric must be specified.');
  const range = readDays(request);
  return {
    multiDailyMetricTimeSeries: [
      {
        dailyMetricTimeSeries: metrics.map((dailyMetric) => ({
          dailyMetric,
          timeSeries: seriesOf(location, dailyMetric, range, now),
        })),
      },
    ],
  };
}

/** Returns the series of the requested metric. */
export function singleSeries(location: BusinessLocation, request: WireRequest, now: Date) {
  const metric = readMetric('daily_metric', request.query.get('dailyMetric') ?? '');
  return { timeSeries: seriesOf(location, metric, readDays(request), now) };
}

/** Returns one page of search keywords with their impressions, summed over whole months. */
export function listKeywords(location: BusinessLocation, request: WireRequest, now: Date) {
  const size = readPageSize(request, { standard: 100, max: 100 });
  const [start, end] = [readMonth(request, 'startMonth'), readMonth(request, 'endMonth')];
  if (start > end) throw invalidArgument('The start month must not be after the end month.');
  const counts = new Map<string, number>();
  // The current month has no keywords yet.
  for (
    let month = start;
    month <= end && startOfMonth(month, 1) <= lastBusinessDay(now) + 1;
    month = startOfMonth(month, 1)
  ) {
    for (const { word, count } of keywordsOfMonth(location, month)) counts.set(word, (counts.get(word) ?? 0) + count);
  }
  const words = [...counts].sort(([, one], [, other]) => other - one);
  const list = `keywords ${location.id} ${start} ${end}`;
  const { page, nextPageToken } = pageOf(list, words, size, request.query.get('pageToken'));
  return {
    ...(page.length > 0 && {
      searchKeywordsCounts: page.map(([searchKeyword, count]) => ({
        searchKeyword,
        insightsValue: count < THRESHOLD ? { threshold: String(THRESHOLD) } : { value: String(count) },
      })),
    }),
    ...(nextPageToken && { nextPageToken }),
  };
}

function seriesOf(location: BusinessLocation, metric: DailyMetric, { first, last }: Days, now: Date) {
  const [oldest, newest] = [startOfMonth(lastBusinessDay(now), -MONTHS_KEPT), lastBusinessDay(now)];
  const days = Array.from({ length: last - first + 1 }, (_, n) => first + n);
  return {
    datedValues: days.map((day) => {
      const value = day < oldest || day > newest ? 0 : metricOfDay(location, metric, day);
      const [year, month, date] = dateOf(day).split('-').map(Number);
      return { date: { year, month, day: date }, ...(value > 0 && { value: String(value) }) };
    }),
  };
}

interface Days {
  first: number;
  last: number;
}

function readMetric(field: string, name: string): DailyMetric {
  const metric = DAILY_METRICS.find((one) => one === name);
  if (metric) return metric;
  throw badBody(
    `Invalid value at '${field}' (type.googleapis.com/google.mybusiness.performance.v1.DailyMetric), "${name}"`,
  );
}

function readDays(request: WireRequest): Days {
  const [first, last] = [readDay(request, 'startDate'), readDay(request, 'endDate')];
  if (first > last) throw invalidArgument('The start date must not be after the end date.');
  return { first, last };
}

function readDay(request: WireRequest, name: string): number {
  const [year, month, day] = ['year', 'month', 'day'].map(
    (part) => findNumber(request, `dailyRange.${name}.${part}`) ?? 0,
  );
  return toDay(`dailyRange.${name}`, year, month, day);
}

function readMonth(request: WireRequest, name: string): number {
  const [year, month] = ['year', 'month'].map((part) => findNumber(request, `monthlyRange.${name}.${part}`) ?? 0);
  return toDay(`monthlyRange.${name}`, year, month, 1);
}

function toDay(name: string, year = 0, month = 0, day = 0): number {
  const text = [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');
  const found = findDay(text);
  if (found === null) throw invalidArgument(`Invalid date in ${name}: year ${year}, month ${month}, day ${day}.`);
  return found;
}
