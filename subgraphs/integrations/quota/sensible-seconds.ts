const DAY_SECONDS = 24 * 60 * 60;

/**
 * Returns how long to wait in whole seconds, at least one; `otherwise` when what a provider says makes no sense: no
 * number, a negative one, or more than a day.
 */
export function sensibleSeconds(seconds: number | undefined, otherwise: number): number {
  if (seconds === undefined || !(seconds >= 0 && seconds <= DAY_SECONDS)) return otherwise;
  return Math.max(1, Math.ceil(seconds));
}
