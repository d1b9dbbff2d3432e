import type Big from 'big.js';
import { z } from 'zod';
import type { AdMetrics, CampaignPartRow } from '#integrations/providers/products.js';
import { decimalOf, quotient } from '#integrations/services/figures/metric-change.js';
import type { Metric } from '#integrations/services/performance/performance-question.js';
import { type Page, type PageArguments, pageOf, readCursor } from '#kit/page.js';

/** How parts of a campaign are ordered. */
export interface PartOrder {
  metric: Metric;
  /** DESC by default. */
  direction?: 'ASC' | 'DESC';
}

const text = (value: number | null) => (value === null ? null : String(value));

/** Ratios are of sums. */
const metricOf: Record<Metric, (metrics: AdMetrics) => Big | null> = {
  IMPRESSIONS: ({ impressions }) => decimalOf(text(impressions)),
  CLICKS: ({ clicks }) => decimalOf(text(clicks)),
  COST: ({ cost }) => decimalOf(cost),
  CONVERSIONS: ({ conversions }) => decimalOf(text(conversions)),
  CONVERSION_VALUE: ({ conversionValue }) => decimalOf(conversionValue),
  CTR: ({ clicks, impressions }) => quotient(text(clicks), text(impressions)),
  CPC: ({ cost, clicks }) => quotient(cost, text(clicks)),
  CPM: ({ cost, impressions }) => quotient(cost, text(impressions)),
  CPA: ({ cost, conversions }) => quotient(cost, text(conversions)),
  ROAS: ({ conversionValue, cost }) => quotient(conversionValue, cost),
};

interface Position {
  value: Big | null;
  externalId: string;
}

/** A total order: by value, those without it last, then by id. */
function comparison(direction: 'ASC' | 'DESC') {
  const sign = direction === 'ASC' ? 1 : -1;
  return (one: Position, other: Position): number => {
    if (one.value && other.value && !one.value.eq(other.value)) return sign * one.value.cmp(other.value);
    if (Boolean(one.value) !== Boolean(other.value)) return one.value ? -1 : 1;
    return one.externalId === other.externalId ? 0 : one.externalId < other.externalId ? -1 : 1;
  };
}

const position = z.tuple([
  z
    .string()
    .regex(/^-?\d{1,30}(\.\d{1,30})?$/)
    .nullable(),
  z.string(),
]);

function positionIn(cursor: string): Position {
  const [value, externalId] = readCursor(position, cursor);
  return { value: decimalOf(value), externalId };
}

/** Returns a page of parts in order. Throws InvalidInput. */
export function pageParts(
  parts: CampaignPartRow[],
  { metric, direction = 'DESC' }: PartOrder,
  page: PageArguments,
): Page<CampaignPartRow> {
  const compare = comparison(direction);
  const start = page.after ? positionIn(page.after) : undefined;
  const placed = parts
    .map((part) => ({ part, value: metricOf[metric](part.metrics), externalId: part.externalId }))
    .filter((position) => !start || compare(position, start) > 0)
    .sort(compare);
  const { edges, pageInfo } = pageOf(placed, page, ({ value, externalId }) => [value?.toFixed() ?? null, externalId]);
  return { pageInfo, edges: edges.map(({ cursor, node }) => ({ cursor, node: node.part })) };
}
