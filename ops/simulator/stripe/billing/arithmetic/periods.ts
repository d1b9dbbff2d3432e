export type Interval = 'day' | 'week' | 'month' | 'year';

/** How often a price is billed. */
export interface Cadence {
  interval: Interval;
  interval_count: number;
}

/** Epoch seconds, from the start up to but not including the end. */
export interface Period {
  start: number;
  end: number;
}

export const MINUTE = 60;
export const HOUR = 3_600;
export const DAY = 86_400;

/**
 * Returns the instant `cycles` billing cycles after the anchor, in UTC. Months and years are counted from the anchor
 * itself: its day of the month is taken again wherever the month has it, and the month's last day where it has not.
 */
export function addCycles(anchor: number, cadence: Cadence, cycles: number): number {
  const count = cadence.interval_count * cycles;
  if (cadence.interval === 'day') return anchor + count * DAY;
  if (cadence.interval === 'week') return anchor + count * 7 * DAY;
  const from = new Date(anchor * 1000);
  const months = from.getUTCFullYear() * 12 + from.getUTCMonth() + (cadence.interval === 'year' ? 12 * count : count);
  const year = Math.floor(months / 12);
  const month = months - year * 12;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const midnight = Date.UTC(year, month, Math.min(from.getUTCDate(), lastDay)) / 1000;
  return midnight + (anchor - Math.floor(anchor / DAY) * DAY);
}

/** Returns the billing period of the anchor that contains an instant, which may lie before the anchor. */
export function periodContaining(anchor: number, cadence: Cadence, instant: number): Period {
  const approximate = addCycles(anchor, cadence, 1) - anchor;
  let cycle = Math.floor((instant - anchor) / approximate);
  while (addCycles(anchor, cadence, cycle) > instant) cycle -= 1;
  while (addCycles(anchor, cadence, cycle + 1) <= instant) cycle += 1;
  return { start: addCycles(anchor, cadence, cycle), end: addCycles(anchor, cadence, cycle + 1) };
}
