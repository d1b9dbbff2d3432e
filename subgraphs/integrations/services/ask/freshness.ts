import type { Context } from '#integrations/context.js';
import type { FreshnessModel } from '#integrations/models.js';
import type { Answer } from './question.js';

/** Returns the age of an answer. */
export function freshnessOf({ services }: Context, { fetchedAt, isStale }: Answer<unknown>): FreshnessModel {
  const ageSeconds = Math.max(0, Math.round((services.now().getTime() - fetchedAt.getTime()) / 1000));
  return { fetchedAt, isStale, ageSeconds };
}
