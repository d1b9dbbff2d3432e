import { visitsOfDay } from '#simulator/data/analytics-day.js';
import type { AnalyticsProperty } from '#simulator/data/analytics-properties.js';
import { dayIn, offsetMinutes } from '#simulator/data/calendar.js';
import { invalidArgument } from '#simulator/google/errors.js';
import { checkReport } from './check-report.js';
import { realtimeDimensions } from './dimensions.js';
import { fieldsOf } from './filter.js';
import { realtimeMetrics } from './metrics.js';
import { printTable } from './print-table.js';
import type { RealtimeRequest } from './report-request.js';
import { cutVisits } from './slice.js';
import { cutsOf, tableOf } from './table.js';

const DEFAULT_LIMIT = 10_000;

/** Returns a report of the last half hour. */
export function runRealtimeReport(request: RealtimeRequest, property: AnalyticsProperty, now: Date) {
  checkReport(request, { dimensions: realtimeDimensions, metrics: realtimeMetrics });
  if (request.metrics.length === 0) throw invalidArgument('The request must have at least one metric.');
  const ranges =
    request.minuteRanges.length > 0 ? request.minuteRanges : [{ name: '', startMinutesAgo: 29, endMinutesAgo: 0 }];
  const requestedNames = request.dimensions.map(({ name }) => name);
  const hour = Math.floor((now.getTime() / 60_000 + offsetMinutes(property.timeZone, now)) / 60) % 24;
  const cuts = cutsOf([...requestedNames, ...fieldsOf(request.dimensionFilter)], realtimeDimensions).add('minutesAgo');
  const slices = visitsOfDay(property, dayIn(property.timeZone, now))
    .flatMap((visits) => cutVisits(visits, cuts))
    .filter((slice) => slice.hour === hour);
  const table = {
    property,
    dimensionNames: ranges.length > 1 ? [...requestedNames, 'dateRange'] : requestedNames,
    metricNames: request.metrics.map(({ name }) => name),
    dimensions: realtimeDimensions,
    metrics: realtimeMetrics,
    dimensionFilter: request.dimensionFilter,
    metricFilter: request.metricFilter,
    orderBys: request.orderBys,
    keepEmptyRows: false,
    unit: 1,
    ranges: ranges.map(({ name, startMinutesAgo, endMinutesAgo }, n) => ({
      name: name || `date_range_${n}`,
      slices: slices.filter(
        ({ minutesAgo }) => (minutesAgo ?? 0) <= startMinutesAgo && (minutesAgo ?? 0) >= endMinutesAgo,
      ),
    })),
  };
  const { metrics, metricAggregations: aggregations } = request;
  const limit = request.limit || DEFAULT_LIMIT;
  return {
    ...printTable({ table, rows: tableOf(table), offset: 0, limit, metrics, aggregations }),
    kind: 'analyticsData#runRealtimeReport',
  };
}
