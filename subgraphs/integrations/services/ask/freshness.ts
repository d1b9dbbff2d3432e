import type { Context } from '#integrations/context.js';
import type { FreshnessModel } from '#integrations/models.js';
import type { Known } from './remember-answers.js';

/** Returns how old something known is, and whether it only stands in for a newer answer. */
export function freshnessOf(
  { services }: Pick<Context, 'services'>,
  { fetchedAt, isStale }: Known<unknown>,
): FreshnessModel {
  const ageSeconds = Math.max(0, Math.round((services.now().getTime() - fetchedAt.getTime()) / 1000));
  return { fetchedAt, isStale, ageSeconds };
}
