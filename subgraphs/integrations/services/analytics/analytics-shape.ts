import type { BreakdownShape, CommonDimension, FigureKind } from '#integrations/services/figures/breakdown-question.js';
import type { MetricCondition } from '#integrations/services/figures/grouping.js';
import { metricSql } from '#integrations/services/figures/metric-sql.js';
import type { Parameters } from '#integrations/services/figures/parameters.js';
import { analyticsColumns, copiedAnalyticsDimensions } from '#integrations/services/history/kinds/analytics.js';

/** Dimensions with a word of their own, in Google's words. */
const namedDimensions = {
  CHANNEL: 'sessionDefaultChannelGroup',
  SOURCE_MEDIUM: 'sessionSourceMedium',
  CAMPAIGN: 'sessionCampaignName',
  DEVICE: 'deviceCategory',
  COUNTRY: 'country',
  LANDING_PAGE: 'landingPage',
  PAGE: 'pagePath',
  EVENT: 'eventName',
} as const;

export type AnalyticsDimension = keyof typeof namedDimensions | CommonDimension;

export type AnalyticsMetric =
  | 'SESSIONS'
  | 'ENGAGED_SESSIONS'
  | 'NEW_USERS'
  | 'VIEWS'
  | 'EVENTS'
  | 'KEY_EVENTS'
  | 'TRANSACTIONS'
  | 'REVENUE'
  | 'ENGAGEMENT_RATE'
  | 'AVERAGE_SESSION_DURATION'
  | 'KEY_EVENT_RATE';

/** A condition of the values of a dimension, in Google's words. */
export interface ValueCondition {
  dimension: string;
  contains?: string | null;
  oneOf?: string[] | null;
}

export interface AnalyticsFilter {
  clientIds?: string[] | null;
  accountIds?: string[] | null;
  values?: ValueCondition[] | null;
  metrics?: MetricCondition<AnalyticsMetric>[] | null;
}

/** What rows are about: dimensions in Google's words, and metrics besides those that are copied. */
export interface AnalyticsNames {
  dimensions: string[];
  metrics: string[];
}

/** Returns Google's word for a dimension; undefined for a common one. */
export const googleName = (dimension: AnalyticsDimension): string | undefined =>
  (namedDimensions as Partial<Record<AnalyticsDimension, string>>)[dimension];

const metrics = metricSql<AnalyticsMetric>({
  SESSIONS: (side) => `${side}_sessions`,
  ENGAGED_SESSIONS: (side) => `${side}_engaged_sessions`,
  NEW_USERS: (side) => `${side}_new_users`,
  VIEWS: (side) => `${side}_views`,
  EVENTS: (side) => `${side}_events`,
  KEY_EVENTS: (side) => `${side}_key_events`,
  TRANSACTIONS: (side) => `${side}_transactions`,
  REVENUE: (side) => `${side}_revenue`,
  ENGAGEMENT_RATE: (side) => `${side}_engaged_sessions / nullif(${side}_sessions, 0)`,
  AVERAGE_SESSION_DURATION: (side) => `${side}_session_seconds / nullif(${side}_sessions, 0)`,
  KEY_EVENT_RATE: (side) => `${side}_key_events / nullif(${side}_sessions, 0)`,
});

const copiedNames: ReadonlySet<string> = new Set(copiedAnalyticsDimensions);

/** Returns the name of the breakdown that is copied, '' = by none; null where figures are asked. */
export function copiedBreakdownOf({ dimensions, metrics: further }: AnalyticsNames): string | null {
  const [name = '', ...others] = dimensions;
  return others.length === 0 && further.length === 0 && copiedNames.has(name) ? name : null;
}

const columnOf = (index: number) => `fact.v${index}`;

/** The name of a further dimension in statements. */
export const furtherDimension = (name: string): `google:${string}` => `google:${name}`;

/** Returns the conditions of rows that a filter by values admits. */
export const valueFilters =
  (values: ValueCondition[], { dimensions }: AnalyticsNames) =>
  (parameters: Parameters): string[] =>
    values.flatMap(({ dimension, contains, oneOf }) => {
      const column = columnOf(dimensions.indexOf(dimension));
      return [
        ...(contains ? [`position(lower(${parameters.add(contains)}) IN lower(${column})) > 0`] : []),
        ...(oneOf ? [`${column} = ANY (${parameters.add(oneOf)}::text[])`] : []),
      ];
    });

/** Returns the shape of figures about these names. */
export function analyticsShape(names: AnalyticsNames): BreakdownShape<string, AnalyticsMetric> {
  const copied = copiedBreakdownOf(names);
  const columns = Object.fromEntries(
    names.dimensions.flatMap((name, index) => [
      [furtherDimension(name), columnOf(index)],
      ...Object.entries(namedDimensions).flatMap(([word, google]) =>
        google === name ? [[word, columnOf(index)]] : [],
      ),
    ]),
  );
  const kinds = analyticsColumns.map((name): [string, FigureKind] => [name, name === 'revenue' ? 'amount' : 'sum']);
  const further = names.metrics.map((_name, index): [string, FigureKind] => [`m${index}`, 'single']);
  const value = names.dimensions.length > 0 ? 'value AS v0,' : '';
  return {
    columns,
    values: names.dimensions.map((_name, index) => `v${index}`),
    figures: Object.fromEntries([...kinds, ...further]),
    metrics,
    defaultOrder: { metric: 'SESSIONS' },
    copied:
      copied === null
        ? undefined
        : (parameters) => `(
            SELECT organization_id, account_id, day, ${value} ${analyticsColumns.join(', ')}
            FROM integrations.analytics_metrics WHERE dimension = ${parameters.add(copied)})`,
  };
}
