import type { FreshnessModel } from '../models.js';
import type { Known } from './remember-answers.js';

/** Returns how old something known is, and whether it only stands in for a newer answer. */
export function freshnessOf({ fetchedAt, isStale }: Known<unknown>, now: Date): FreshnessModel {
  return { fetchedAt, isStale, ageSeconds: Math.max(0, Math.round((now.getTime() - fetchedAt.getTime()) / 1000)) };
}
