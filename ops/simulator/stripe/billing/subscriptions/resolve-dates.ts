import { addCycles, type Cadence, DAY, type Period } from '#simulator/stripe/billing/arithmetic/periods.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';

const MAX_TRIAL_DAYS = 730;

/** Returns the end of a trial, or null for none. Throws 400 for one in the past, or too far ahead. */
export function trialEndOf(
  { trial_end, trial_period_days }: { trial_end?: 'now' | number | undefined; trial_period_days?: number | undefined },
  now: number,
): number | null {
  if (trial_end !== undefined && trial_period_days !== undefined)
    throw invalidRequest('You may only specify one of these parameters: trial_end, trial_period_days.', {
      code: 'parameters_exclusive',
      param: 'trial_end',
    });
  if (trial_period_days !== undefined && trial_period_days > MAX_TRIAL_DAYS)
    throw invalidRequest(`The maximum number of trial period days is ${MAX_TRIAL_DAYS} (2 years).`, {
      param: 'trial_period_days',
    });
  if (trial_period_days) return now + trial_period_days * DAY;
  return trial_end === undefined || trial_end === 'now' ? null : futureTrialEnd(trial_end, now);
}

/** Returns the end of a trial, in seconds. Throws 400 unless it is in the future and within five years. */
export function futureTrialEnd(trialEnd: number, now: number): number {
  if (trialEnd <= now)
    throw invalidRequest('Invalid timestamp: must be an integer Unix timestamp in the future.', { param: 'trial_end' });
  if (trialEnd > addCycles(now, { interval: 'year', interval_count: 5 }, 1))
    throw invalidRequest('Invalid timestamp: can be no more than five years in the future.', { param: 'trial_end' });
  return trialEnd;
}

/** Returns the anchor of the first full period, now or later. Throws 400 for one beyond the first period. */
export function firstAnchor(wanted: number | undefined, cadence: Cadence, from: number): number {
  if (wanted === undefined) return from;
  if (wanted < from)
    throw invalidRequest('billing_cycle_anchor cannot be in the past.', { param: 'billing_cycle_anchor' });
  const natural = addCycles(from, cadence, 1);
  if (wanted > natural)
    throw invalidRequest(`billing_cycle_anchor cannot be later than next natural billing date (${natural}) for plan`, {
      param: 'billing_cycle_anchor',
    });
  return wanted;
}

/** Returns when a subscription ends, or null for never. Throws 400 for a moment that is past. */
export function cancelAtOf(
  wanted: number | 'min_period_end' | 'max_period_end' | null,
  period: Period,
  now: number,
): number | null {
  if (wanted === null) return null;
  if (typeof wanted === 'string') return period.end;
  if (wanted <= now) throw invalidRequest('cancel_at must be a timestamp in the future.', { param: 'cancel_at' });
  return wanted;
}
