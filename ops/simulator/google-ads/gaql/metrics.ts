import type { Figures } from '#simulator/data/daily-figures.js';
import type { Row, Value } from './row.js';

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

/** Adds the named metrics to a row. Ratios without a denominator are not set, except ctr, which is 0. */
export function addMetrics(row: Row, names: readonly string[], figures: Figures, digits: number): void {
  const micros = 10 ** (6 - digits);
  for (const name of names) row[name] = READERS[name]?.(figures, micros);
}
