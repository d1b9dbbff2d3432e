import { visitsOfDay } from '#simulator/data/analytics-day.js';
import type { AnalyticsProperty } from '#simulator/data/analytics-properties.js';
import { dayIn } from '#simulator/data/calendar.js';
import { RECORDS_START } from '#simulator/data/season.js';
import { invalidArgument } from '#simulator/google/errors.js';
import { checkReport, coreOthers } from './check-report.js';
import { type DateRange, readDateRanges } from './date-ranges.js';
import { dimensions } from './dimensions.js';
import { fieldsOf, testOf } from './filter.js';
import { metrics } from './metrics.js';
import { printTable } from './print-table.js';
import type { ReportRequest } from './report-request.js';
import { type Cut, cutVisits, type Slice } from './slice.js';
import { cutsOf, type ReportTable, tableOf } from './table.js';

const DEFAULT_LIMIT = 10_000;
const MAX_LIMIT = 250_000;

export interface Report {
  body: Record<string, unknown>;
  tokens: number;
}

/** Validates a request and returns a function that runs it. */
export function prepareReport(request: ReportRequest, property: AnalyticsProperty, now: Date): () => Report {
  if (request.property !== undefined && request.property !== `properties/${property.id}`) {
    throw invalidArgument(
      `The property ${request.property} in the request must be the same as properties/${property.id} in the path.`,
    );
  }
  checkReport(request, { dimensions, metrics, others: coreOthers });
  if (request.dimensions.length === 0 && request.metrics.length === 0) {
    throw invalidArgument('The request must have at least one dimension or metric.');
  }
  if (request.limit < 0) throw invalidArgument('The limit must be positive.');
  if (request.offset < 0) throw invalidArgument('The offset must not be negative.');
  testOf(request.dimensionFilter);
  testOf(request.metricFilter);
  const unit = unitOf(property, request.currencyCode);
  const ranges = readDateRanges(request.dateRanges, property.timeZone, now);
  return () => runReport(request, property, unit, ranges, now);
}

function runReport(
  request: ReportRequest,
  property: AnalyticsProperty,
  unit: number,
  ranges: DateRange[],
  now: Date,
): Report {
  const requestedNames = request.dimensions.map(({ name }) => name);
  const dimensionNames =
    ranges.length > 1 && !requestedNames.includes('dateRange') ? [...requestedNames, 'dateRange'] : requestedNames;
  const cuts = cutsOf([...requestedNames, ...fieldsOf(request.dimensionFilter)], dimensions);
  const today = dayIn(property.timeZone, now);
  const table: ReportTable = {
    property,
    dimensionNames,
    metricNames: request.metrics.map(({ name }) => name),
    dimensions,
    metrics,
    dimensionFilter: request.dimensionFilter,
    metricFilter: request.metricFilter,
    orderBys: request.orderBys,
    keepEmptyRows: request.keepEmptyRows,
    unit,
    ranges: ranges.map(({ name, first, last }) => ({
      name,
      slices: slicesOf(property, Math.max(first, RECORDS_START), Math.min(last, today), cuts),
    })),
  };
  const rows = tableOf(table);
  const { offset, metricAggregations } = request;
  const limit = request.limit === 0 ? DEFAULT_LIMIT : Math.min(request.limit, MAX_LIMIT);
  const { metrics: wanted } = request;
  const printed = printTable({ table, rows, offset, limit, metrics: wanted, aggregations: metricAggregations });
  const body = {
    ...printed,
    metadata: { currencyCode: request.currencyCode || property.currency, timeZone: property.timeZone },
    kind: 'analyticsData#runReport',
  };
  return { body, tokens: 1 + Math.floor(rows.length / 2_500) + Math.floor(lengthOf(ranges) / 180) };
}

function lengthOf(ranges: DateRange[]): number {
  return ranges.reduce((days, { first, last }) => days + last - first + 1, 0);
}

function* slicesOf(property: AnalyticsProperty, first: number, last: number, cuts: ReadonlySet<Cut>): Generator<Slice> {
  for (let day = first; day <= last; day++) {
    for (const visits of visitsOfDay(property, day)) yield* cutVisits(visits, cuts);
  }
}

// Fixed, so that converted figures never change.
const PER_EURO: Readonly<Record<string, number>> = { EUR: 1, USD: 1.0875, GBP: 0.84, JPY: 162.5, CHF: 0.95 };

/** Returns how many of the property's smallest units make one of the requested currency; '' = the property's own. */
function unitOf({ currency, digits }: AnalyticsProperty, wanted: string): number {
  const unit = 10 ** digits;
  if (wanted === '' || wanted === currency) return unit;
  const [own, other] = [PER_EURO[currency], PER_EURO[wanted]];
  if (own === undefined || other === undefined) {
    throw invalidArgument(`The currencyCode ${wanted} is not a supported currency.`);
  }
  return (unit * own) / other;
}
