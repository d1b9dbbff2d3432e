/** A robust estimate of the standard deviation: 1.4826 times the median of the distances from the median. */
const NORMAL_CONSISTENCY = 1.4826;

/** Returns the middle value, or the mean of the middle two. Throws for none: a defect of ours. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) throw new Error('There is no median of nothing');
  return (low + high) / 2;
}

/** Returns how far values usually are from their median, as a standard deviation that single outliers do not change. */
export function spreadOf(values: readonly number[]): number {
  const median = medianOf(values);
  return NORMAL_CONSISTENCY * medianOf(values.map((value) => Math.abs(value - median)));
}
