import { type Figures, NO_FIGURES } from '#simulator/data/daily-figures.js';
import { boundariesOf } from '#simulator/data/split.js';

/** Returns the steps between boundaries. */
const stepsOf = (boundaries: readonly number[]) => boundaries.slice(1).map((end, n) => end - (boundaries[n] ?? 0));

/**
 * Splits the figures of a day by weights. Parts add up to the whole and never contradict themselves: no clicks without
 * impressions, no orders without clicks. The phase, 0 to 1, decides where remainders go.
 */
export function splitFigures(whole: Figures, weights: readonly number[], phase: number): Figures[] {
  if (whole.impressions === 0) return weights.map(() => NO_FIGURES);
  // Each figure follows the boundaries of the one it depends on.
  const follow = (total: number, of: number, boundaries: readonly number[]) =>
    boundaries.map((boundary) => (of === 0 ? 0 : Math.floor((total * boundary) / of)));
  const impressions = boundariesOf(whole.impressions, weights, phase);
  const clicks = follow(whole.clicks, whole.impressions, impressions);
  const cost = follow(whole.cost, whole.clicks, clicks);
  const orders = follow(whole.orders, whole.clicks, clicks);
  const conversions = follow(whole.halfConversions, whole.orders, orders);
  const isEven = whole.halfValue % 2 === 0;
  const value = follow(isEven ? whole.halfValue / 2 : whole.halfValue, whole.orders, orders);
  const steps = {
    impressions: stepsOf(impressions),
    clicks: stepsOf(clicks),
    cost: stepsOf(cost),
    orders: stepsOf(orders),
    halfConversions: stepsOf(conversions),
    halfValue: stepsOf(value).map((step) => (isEven ? step * 2 : step)),
  };
  return weights.map((_weight, n) => ({
    impressions: steps.impressions[n] ?? 0,
    clicks: steps.clicks[n] ?? 0,
    cost: steps.cost[n] ?? 0,
    halfConversions: steps.halfConversions[n] ?? 0,
    orders: steps.orders[n] ?? 0,
    halfValue: steps.halfValue[n] ?? 0,
  }));
}
