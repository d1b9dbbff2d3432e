import { alpha3Of } from '#integrations/providers/countries.js';
import type { Device } from '#integrations/providers/products.js';
import type { BreakdownShape, CommonDimension } from '#integrations/services/figures/breakdown-question.js';
import type { MetricCondition } from '#integrations/services/figures/grouping.js';
import { metricSql } from '#integrations/services/figures/metric-sql.js';
import type { Parameters } from '#integrations/services/figures/parameters.js';

/** Dimensions that Search Console breaks results down by. */
export type ValueDimension = 'QUERY' | 'PAGE' | 'COUNTRY' | 'DEVICE';

export type SearchDimension = ValueDimension | Exclude<CommonDimension, 'CURRENCY'>;
export type SearchMetric = 'CLICKS' | 'IMPRESSIONS' | 'CTR' | 'POSITION';

export interface SearchFilter {
  clientIds?: string[] | null;
  accountIds?: string[] | null;
  queryContains?: string | null;
  queryNotContains?: string | null;
  pageContains?: string | null;
  countries?: string[] | null;
  devices?: Device[] | null;
  metrics?: MetricCondition<SearchMetric>[] | null;
}

/** The kinds of devices that Search Console names, in other cases. */
const googleDevices: ReadonlySet<string> = new Set<Device>(['DESKTOP', 'MOBILE', 'TABLET']);

/** Returns the kind of device that Google's word means; OTHER for one that we do not know. */
export function deviceOf(word: string): Device {
  const name = word.toUpperCase();
  return googleDevices.has(name) ? (name as Device) : 'OTHER';
}

const valueDimensions: ReadonlySet<string> = new Set<ValueDimension>(['QUERY', 'PAGE', 'COUNTRY', 'DEVICE']);

const isValueDimension = (dimension: string): dimension is ValueDimension => valueDimensions.has(dimension);

/** Returns the dimensions of values that a question is about, grouped or filtered by. */
export function valueDimensionsOf(
  groupBy: SearchDimension[],
  filter: SearchFilter | null | undefined,
): ValueDimension[] {
  const filtered: ValueDimension[] = [
    ...(filter?.queryContains || filter?.queryNotContains ? (['QUERY'] as const) : []),
    ...(filter?.pageContains ? (['PAGE'] as const) : []),
    ...(filter?.countries ? (['COUNTRY'] as const) : []),
    ...(filter?.devices ? (['DEVICE'] as const) : []),
  ];
  return [...new Set([...groupBy.filter(isValueDimension), ...filtered])];
}

/** Returns the conditions of rows that a filter by values admits. */
export const valueFilters =
  ({ queryContains, queryNotContains, pageContains, countries, devices }: SearchFilter) =>
  (parameters: Parameters): string[] => {
    const isIn = (text: string, column: string) => `position(lower(${parameters.add(text)}) IN lower(${column})) > 0`;
    const isOneOf = (texts: string[], column: string) =>
      `upper(${column}) = ANY (${parameters.add(texts.map((text) => text.toUpperCase()))}::text[])`;
    const isOnOneOf = (kinds: Device[]) => {
      const known = isOneOf(kinds, 'fact.device');
      if (!kinds.includes('OTHER')) return known;
      return `(${known} OR NOT ${isOneOf([...googleDevices], 'fact.device')})`;
    };
    return [
      ...(queryContains ? [isIn(queryContains, 'fact.query')] : []),
      ...(queryNotContains ? [`NOT ${isIn(queryNotContains, 'fact.query')}`] : []),
      ...(pageContains ? [isIn(pageContains, 'fact.page')] : []),
      ...(countries
        ? [
            isOneOf(
              countries.flatMap((code) => alpha3Of(code) ?? []),
              'fact.country',
            ),
          ]
        : []),
      ...(devices ? [isOnOneOf(devices)] : []),
    ];
  };

const metrics = metricSql<SearchMetric>({
  CLICKS: (side) => `${side}_clicks`,
  IMPRESSIONS: (side) => `${side}_impressions`,
  CTR: (side) => `${side}_clicks / nullif(${side}_impressions, 0)`,
  POSITION: (side) => `${side}_positions / nullif(${side}_impressions, 0)`,
});

/** Returns the name of the breakdown that is copied, '' = by none; null where several dimensions meet. */
export function copiedBreakdownOf(dimensions: ValueDimension[]): string | null {
  if (dimensions.length > 1) return null;
  return dimensions[0]?.toLowerCase() ?? '';
}

/** Returns the shape of search results with these dimensions of values. */
export function searchShape(dimensions: ValueDimension[]): BreakdownShape<ValueDimension, SearchMetric> {
  const copied = copiedBreakdownOf(dimensions);
  const [name] = dimensions;
  const value = name ? `value AS ${name.toLowerCase()},` : '';
  return {
    columns: { QUERY: 'fact.query', PAGE: 'fact.page', COUNTRY: 'fact.country', DEVICE: 'fact.device' },
    values: dimensions.map((dimension) => dimension.toLowerCase()),
    figures: { clicks: 'sum', impressions: 'sum', positions: 'sum' },
    metrics,
    defaultOrder: { metric: 'CLICKS' },
    copied:
      copied === null
        ? undefined
        : (parameters) => `(
            SELECT organization_id, account_id, day, ${value} clicks, impressions, positions
            FROM integrations.search_metrics WHERE dimension = ${parameters.add(copied)})`,
  };
}
