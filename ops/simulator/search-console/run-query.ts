import { dateOf, offsetMinutes, startOfMonth } from '#simulator/data/calendar.js';
import { type Finding, findingsOfDay } from '#simulator/data/search-day.js';
import type { SearchSite } from '#simulator/data/search-sites.js';
import { seededNumber } from '#simulator/data/seeded-number.js';
import { boundariesOf } from '#simulator/data/split.js';
import { lastFinalDay, lastKnownDay } from '#simulator/data/truth/search-truth.js';
import { invalidArgument } from '#simulator/google/errors.js';
import { readRe2 } from '#simulator/re2.js';
import type { Dimension, Query, QueryFilter } from './query-request.js';

const MONTHS_KEPT = 16;
const HOURLY_DAYS = 10;
const HOURS = [2, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 6, 7, 6, 5, 5, 5, 6, 7, 8, 8, 7, 5, 3];

interface Row {
  /** For sorting. */
  key: string;
  keys: string[];
  clicks: number;
  impressions: number;
  positions: number;
}

type Part = Finding & { hour?: string };

/** Returns rows by clicks descending; with dates, oldest first. */
export function runQuery(query: Query, site: SearchSite, now: Date) {
  const { dimensions, startRow, rowLimit } = query;
  const rows = [...group(query, site, now).values()].sort(comparisonOf(dimensions));
  const page = rows.slice(startRow, startRow + rowLimit);
  const metadata = incompletenessOf(query, now);
  return {
    ...(page.length > 0 && { rows: page.map(printRow) }),
    responseAggregationType: query.aggregation,
    ...(metadata && { metadata }),
  };
}

function group(query: Query, site: SearchSite, now: Date): Map<string, Row> {
  const rows = new Map<string, Row>();
  const matches = matcherOf(query.filters);
  for (const finding of findingsOf(query, site, now)) {
    if (query.aggregation === 'byProperty' && finding.isSecond) continue;
    const keys = query.dimensions.map((dimension) => labelOf(finding, dimension));
    // Rows without a label (anonymized queries, plain results) are omitted.
    if (keys.includes(null) || !matches((dimension) => labelOf(finding, dimension))) continue;
    const key = keys.join('\u0000');
    const row = rows.get(key) ?? { key, keys: keys as string[], clicks: 0, impressions: 0, positions: 0 };
    row.clicks += finding.clicks;
    row.impressions += finding.impressions;
    row.positions += finding.positions;
    rows.set(key, row);
  }
  return rows;
}

function* findingsOf({ first, last, dataState, type }: Query, site: SearchSite, now: Date): Generator<Part> {
  const newest = dataState === 'final' ? lastFinalDay(now) : lastKnownDay(now);
  const oldest = dataState === 'hourlyAll' ? newest - HOURLY_DAYS + 1 : oldestDay(now);
  for (let day = Math.max(first, oldest); day <= Math.min(last, newest); day++) {
    for (const finding of findingsOfDay(site, day, type)) {
      if (dataState === 'hourlyAll') yield* hoursOf(finding, site);
      else yield finding;
    }
  }
}

function oldestDay(now: Date): number {
  return startOfMonth(lastKnownDay(now), -MONTHS_KEPT);
}

function hoursOf(finding: Finding, site: SearchSite): Part[] {
  const phase = seededNumber(site.seed, finding.day, 1_000) / 1_000;
  const [seen, clicked] = [boundariesOf(finding.impressions, HOURS, phase), boundariesOf(finding.clicks, HOURS, phase)];
  const position = finding.positions / finding.impressions;
  return HOURS.flatMap((_, n) => {
    const impressions = (seen[n + 1] ?? 0) - (seen[n] ?? 0);
    const clicks = Math.min(impressions, (clicked[n + 1] ?? 0) - (clicked[n] ?? 0));
    const part = { ...finding, hour: hourOf(finding.day, n), impressions, clicks, positions: impressions * position };
    return impressions > 0 ? [part] : [];
  });
}

function hourOf(day: number, hour: number): string {
  const minutes = offsetMinutes('America/Los_Angeles', new Date(`${dateOf(day)}T12:00:00Z`));
  const offset = `${minutes < 0 ? '-' : '+'}${String(Math.abs(minutes) / 60).padStart(2, '0')}:00`;
  return `${dateOf(day)}T${String(hour).padStart(2, '0')}:00:00${offset}`;
}

function labelOf(finding: Part, dimension: Dimension): string | null {
  switch (dimension) {
    case 'date':
      return dateOf(finding.day);
    case 'hour':
      return finding.hour ?? null;
    case 'query':
      return finding.query;
    case 'page':
      return finding.page.url;
    case 'searchAppearance':
      return finding.page.appearance;
    default:
      return finding[dimension];
  }
}

function comparisonOf(dimensions: Dimension[]): (one: Row, other: Row) => number {
  const isByTime = dimensions[0] === 'date' || dimensions[0] === 'hour';
  return (one, other) =>
    (isByTime ? compareText(one.keys[0], other.keys[0]) : 0) ||
    other.clicks - one.clicks ||
    other.impressions - one.impressions ||
    compareText(one.key, other.key);
}

function compareText(one = '', other = ''): number {
  return one < other ? -1 : Number(one > other);
}

function printRow({ keys, clicks, impressions, positions }: Row) {
  return {
    ...(keys.length > 0 && { keys }),
    clicks,
    impressions,
    ctr: clicks / impressions,
    position: positions / 10 / impressions,
  };
}

// Only for rows by day or hour that include days not final yet.
function incompletenessOf({ dataState, dimensions, last }: Query, now: Date) {
  const first = lastFinalDay(now) + 1;
  if (last < first) return undefined;
  if (dataState === 'all' && dimensions.includes('date')) return { firstIncompleteDate: dateOf(first) };
  return dataState === 'hourlyAll' ? { firstIncompleteHour: hourOf(first, 0) } : undefined;
}

/** A missing label counts as empty. */
function matcherOf(filters: readonly QueryFilter[]): (labelOf: (dimension: Dimension) => string | null) => boolean {
  const tests = filters.map((filter) => ({ ...filter, test: testOf(filter) }));
  return (labelOf) => tests.every(({ dimension, test }) => test(labelOf(dimension) ?? ''));
}

function testOf({ operator, expression, dimension }: QueryFilter): (label: string) => boolean {
  const folds = dimension === 'country' || dimension === 'device' || operator.toLowerCase().endsWith('contains');
  const fold = (text: string) => (folds ? text.toLowerCase() : text);
  const expected = fold(expression);
  switch (operator) {
    case 'equals':
      return (label) => fold(label) === expected;
    case 'notEquals':
      return (label) => fold(label) !== expected;
    case 'contains':
      return (label) => fold(label).includes(expected);
    case 'notContains':
      return (label) => !fold(label).includes(expected);
    case 'includingRegex':
    case 'excludingRegex': {
      const pattern = readPattern(expression);
      return (label) => pattern.test(label) === (operator === 'includingRegex');
    }
  }
}

function readPattern(expression: string): RegExp {
  const pattern = readRe2(expression, { whole: false, flags: 'u' });
  if (!pattern) throw invalidArgument(`The regular expression '${expression}' is invalid.`);
  return pattern;
}
