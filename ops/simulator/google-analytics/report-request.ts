import { z } from 'zod';
import { int64, protoEnum } from '#simulator/google/read-body.js';

const MATCH_TYPE = protoEnum({
  MATCH_TYPE_UNSPECIFIED: 0,
  EXACT: 1,
  BEGINS_WITH: 2,
  ENDS_WITH: 3,
  CONTAINS: 4,
  FULL_REGEXP: 5,
  PARTIAL_REGEXP: 6,
});
const OPERATION = protoEnum({
  EQUAL: 1,
  LESS_THAN: 2,
  LESS_THAN_OR_EQUAL: 3,
  GREATER_THAN: 4,
  GREATER_THAN_OR_EQUAL: 5,
});
const ORDER_TYPE = protoEnum({
  ORDER_TYPE_UNSPECIFIED: 0,
  ALPHANUMERIC: 1,
  CASE_INSENSITIVE_ALPHANUMERIC: 2,
  NUMERIC: 3,
});
const METRIC_AGGREGATION = protoEnum({
  METRIC_AGGREGATION_UNSPECIFIED: 0,
  TOTAL: 1,
  COUNT: 4,
  MINIMUM: 5,
  MAXIMUM: 6,
});
const COMPATIBILITY = protoEnum({ COMPATIBILITY_UNSPECIFIED: 0, COMPATIBLE: 1, INCOMPATIBLE: 2 });

const numericValue = z
  .union([z.strictObject({ int64Value: int64 }), z.strictObject({ doubleValue: z.number() })])
  .transform((value) => ('int64Value' in value ? value.int64Value : value.doubleValue));

const filter = z.strictObject({
  fieldName: z.string(),
  stringFilter: z
    .strictObject({
      matchType: MATCH_TYPE.default('EXACT'),
      value: z.string().default(''),
      caseSensitive: z.boolean().default(false),
    })
    .optional(),
  inListFilter: z
    .strictObject({ values: z.array(z.string()).min(1), caseSensitive: z.boolean().default(false) })
    .optional(),
  numericFilter: z.strictObject({ operation: OPERATION, value: numericValue }).optional(),
  betweenFilter: z.strictObject({ fromValue: numericValue, toValue: numericValue }).optional(),
  emptyFilter: z.strictObject({}).optional(),
});

export type Filter = z.infer<typeof filter>;

/** Exactly one member is set. */
export interface FilterExpression {
  filter?: Filter | undefined;
  andGroup?: { expressions: FilterExpression[] } | undefined;
  orGroup?: { expressions: FilterExpression[] } | undefined;
  notExpression?: FilterExpression | undefined;
}

const expression: z.ZodType<FilterExpression> = z.lazy(() => {
  const group = z.strictObject({ expressions: z.array(expression) });
  return z.strictObject({
    filter: filter.optional(),
    andGroup: group.optional(),
    orGroup: group.optional(),
    notExpression: expression.optional(),
  });
});

const orderBy = z.strictObject({
  desc: z.boolean().default(false),
  metric: z.strictObject({ metricName: z.string() }).optional(),
  dimension: z
    .strictObject({
      dimensionName: z.string(),
      orderType: ORDER_TYPE.default('ALPHANUMERIC'),
    })
    .optional(),
});

export type OrderBy = z.infer<typeof orderBy>;

const shared = {
  property: z.string().optional(),
  dimensions: z.array(z.strictObject({ name: z.string() })).default([]),
  metrics: z.array(z.strictObject({ name: z.string(), invisible: z.boolean().default(false) })).default([]),
  dimensionFilter: expression.optional(),
  metricFilter: expression.optional(),
  orderBys: z.array(orderBy).default([]),
  limit: int64.default(0),
  metricAggregations: z.array(METRIC_AGGREGATION).default([]),
  returnPropertyQuota: z.boolean().default(false),
};

/** What reports may also have, at Google. */
export const OTHER_KEYS = [
  'cohortSpec',
  'comparisons',
  'conversionSpec',
  'pivots',
  'dimensionExpression',
  'expression',
];

/** Body of runReport. */
export const reportRequest = z.strictObject({
  ...shared,
  dateRanges: z
    .array(z.strictObject({ startDate: z.string(), endDate: z.string(), name: z.string().default('') }))
    .default([]),
  offset: int64.default(0),
  keepEmptyRows: z.boolean().default(false),
  currencyCode: z.string().default(''),
});

/** Body of batchRunReports. */
export const batchRequest = z.strictObject({ requests: z.array(reportRequest).default([]) });

/** Body of runRealtimeReport. */
export const realtimeRequest = z.strictObject({
  ...shared,
  minuteRanges: z
    .array(
      z.strictObject({
        name: z.string().default(''),
        startMinutesAgo: z.int().min(0).max(29).default(29),
        endMinutesAgo: z.int().min(0).max(29).default(0),
      }),
    )
    .max(2)
    .default([]),
});

/** Body of checkCompatibility. */
export const compatibilityRequest = z.strictObject({
  dimensions: shared.dimensions,
  metrics: shared.metrics,
  dimensionFilter: expression.optional(),
  metricFilter: expression.optional(),
  compatibilityFilter: COMPATIBILITY.default('COMPATIBILITY_UNSPECIFIED'),
});

export type ReportRequest = z.infer<typeof reportRequest>;
export type RealtimeRequest = z.infer<typeof realtimeRequest>;
export type CompatibilityRequest = z.infer<typeof compatibilityRequest>;
