import type { LimitReached } from '#runtime/errors.js';
import type { Entitlements } from './entitlements.js';
import { type LimitName, limitOf } from './plans.js';
import { limitReached } from './require-within-limit.js';

/** The items of an organization that are more than its plan allows. */
export interface Surplus {
  ids: ReadonlySet<string>;
  /** Returns the error of using one of them. */
  refusal(): LimitReached;
}

export interface SurplusQuestion {
  organizationId: string;
  limit: LimitName;
  /** Returns the ids of all items, the oldest first; called only where there is a limit. */
  list(): Promise<readonly string[]>;
}

/**
 * Returns which of the organization's items exceed what its plan allows and can only be read: the newest, unless an owner has chosen
 * which are kept. `ids` are the oldest first.
 */
export function surplusOf(ids: readonly string[], allowed: number | null, kept: readonly string[] = []): Set<string> {
  if (allowed === null || ids.length <= allowed) return new Set();
  const chosen = new Set(kept);
  const ranked = [...ids.filter((id) => chosen.has(id)), ...ids.filter((id) => !chosen.has(id))];
  return new Set(ranked.slice(allowed));
}

/** Returns which of the organization's items are more than its plan allows now: the newest, unless an owner chose others. */
export async function findSurplus(
  { entitlements }: { entitlements: Entitlements },
  { organizationId, limit, list }: SurplusQuestion,
): Promise<Surplus> {
  const { planId, kept } = await entitlements.of(organizationId);
  const allowed = limitOf(planId, limit);
  const ids = allowed === null ? [] : await list();
  return {
    ids: surplusOf(ids, allowed, kept[limit]),
    refusal: () => limitReached(planId, { limit, used: ids.length }),
  };
}
