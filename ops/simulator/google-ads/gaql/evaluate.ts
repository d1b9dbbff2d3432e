import { dateOf, dayIn } from '#simulator/data/calendar.js';
import type { Account } from '#simulator/data/campaign.js';
import { type Figures, HISTORY_START } from '#simulator/data/daily-figures.js';
import { NotSimulated } from '#simulator/not-simulated.js';
import { checkQuery, fieldsOf, readsMetrics } from './check.js';
import { type DayRange, dateRangeOf, selectedUnits, startOfUnit } from './date-range.js';
import { type Entity, listEntities } from './entities.js';
import { matcherOf } from './matches.js';
import { GaqlError, type Query } from './query.js';
import { compareValues, type Row, type Value } from './row.js';

interface Bucket extends DayRange {
  segments: [name: string, value: Value][];
}

/** Returns a query's rows for one customer, ordered and limited. Throws GaqlError for what Google refuses. */
export function evaluate(query: Query, account: Account, now: Date): Row[] {
  checkQuery(query);
  if (account.manager && readsMetrics(query)) {
    throw new GaqlError(
      'REQUESTED_METRICS_FOR_MANAGER',
      'Metrics cannot be requested for a manager account. To retrieve metrics, issue separate requests against each client account under the manager account.',
    );
  }
  const today = dayIn(account.timeZone, now);
  const range = dateRangeOf(query, today);
  if (query.where.some(({ field }) => field === 'segments.device'))
    throw new NotSimulated('filtering by segments.device');
  const conditions = query.where.filter((condition) => !condition.field.startsWith('segments.'));
  const aboutMetrics = conditions.filter((condition) => condition.field.startsWith('metrics.')).map(matcherOf);
  const aboutEntities = conditions.filter((condition) => !condition.field.startsWith('metrics.')).map(matcherOf);
  const entities = listEntities(query, account).filter((entity) =>
    aboutEntities.every((matches) => matches(entity.attributes)),
  );
  const rows = readsMetrics(query)
    ? measuredRows(query, entities, account, range, today).filter((row) =>
        aboutMetrics.every((matches) => matches(row)),
      )
    : entities.map((entity) => entity.attributes);
  return limited(sorted(rows, query), query);
}

function measuredRows(
  query: Query,
  entities: Entity[],
  account: Account,
  range: DayRange | null,
  today: number,
): Row[] {
  const first = Math.max(range?.first ?? HISTORY_START, HISTORY_START);
  const buckets = bucketsOf(query, first, Math.min(range?.last ?? today, today));
  const byDevice = query.select.includes('segments.device');
  // A view of places has rows for places with figures only.
  const dropsZeroRows = selectedUnits(query).length > 0 || byDevice || query.from === 'user_location_view';
  const names = fieldsOf(query);
  const metrics = names.filter((name) => name.startsWith('metrics.'));
  const rows: Row[] = [];
  for (const entity of entities) {
    // Only the query's fields: there may be one row per campaign and day.
    const attributes = Object.entries(entity.attributes).filter(
      ([name]) => names.includes(name) || name.endsWith('.resource_name'),
    );
    for (const bucket of buckets) {
      for (const { device, figures } of partsOf(entity, bucket, byDevice)) {
        if (dropsZeroRows && isZero(figures)) continue;
        const row: Row = {};
        for (const [name, value] of attributes) row[name] = value;
        for (const [name, value] of bucket.segments) row[name] = value;
        if (device) row['segments.device'] = device;
        addMetrics(row, metrics, figures, account.digits);
        rows.push(row);
      }
    }
  }
  return rows;
}

function partsOf(
  entity: Entity,
  { first, last }: DayRange,
  byDevice: boolean,
): { device?: string; figures: Figures }[] {
  if (!byDevice) return [{ figures: entity.figures(first, last) }];
  if (!entity.byDevice) throw new NotSimulated('segments.device of this resource');
  return entity.byDevice(first, last);
}

function bucketsOf(query: Query, first: number, last: number): Bucket[] {
  const units = selectedUnits(query);
  if (units.length === 0) return [{ first, last, segments: [] }];
  const buckets: Bucket[] = [];
  let key = '';
  for (let day = first; day <= last; day++) {
    const starts = units.map((unit) => startOfUnit(unit, day));
    const open = buckets.at(-1);
    if (open && key === starts.join()) {
      open.last = day;
      continue;
    }
    key = starts.join();
    const segments = units.map((unit, n): [string, Value] => {
      const date = dateOf(starts[n] ?? day);
      return [`segments.${unit}`, unit === 'year' ? Number(date.slice(0, 4)) : date];
    });
    buckets.push({ first: day, last: day, segments });
  }
  return buckets;
}

function isZero(figures: Figures): boolean {
  return figures.impressions === 0 && figures.clicks === 0 && figures.cost === 0 && figures.halfConversions === 0;
}

function sorted(rows: Row[], { orderBy }: Query): Row[] {
  if (orderBy.length === 0) return rows;
  return rows.toSorted((a, b) => {
    for (const { field, descending } of orderBy) {
      const order = compareValues(field, a[field], b[field]);
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
}

function limited(rows: Row[], { limit }: Query): Row[] {
  return limit === null ? rows : rows.slice(0, limit);
}

const READERS: Record<string, (figures: Figures, micros: number) => Value | undefined> = {
  'metrics.impressions': ({ impressions }) => String(impressions),
  'metrics.clicks': ({ clicks }) => String(clicks),
  'metrics.interactions': ({ clicks }) => String(clicks),
  'metrics.cost_micros': ({ cost }, micros) => String(cost * micros),
  'metrics.conversions': ({ halfConversions }) => halfConversions / 2,
  'metrics.conversions_value': ({ halfValue }) => halfValue / 2,
  'metrics.all_conversions': ({ halfConversions }) => halfConversions / 2,
  'metrics.all_conversions_value': ({ halfValue }) => halfValue / 2,
  'metrics.ctr': ({ clicks, impressions }) => (impressions === 0 ? 0 : clicks / impressions),
  'metrics.average_cpc': ({ cost, clicks }, micros) => (clicks === 0 ? undefined : (cost * micros) / clicks),
  'metrics.average_cpm': ({ cost, impressions }, micros) =>
    impressions === 0 ? undefined : (cost * micros * 1000) / impressions,
  'metrics.cost_per_conversion': ({ cost, halfConversions }, micros) =>
    halfConversions === 0 ? undefined : (cost * micros * 2) / halfConversions,
};

/** Ratios without a denominator stay unset, except ctr, which is 0. */
function addMetrics(row: Row, names: readonly string[], figures: Figures, digits: number): void {
  const micros = 10 ** (6 - digits);
  for (const name of names) row[name] = READERS[name]?.(figures, micros);
}
