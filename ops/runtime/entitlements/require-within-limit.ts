import { LimitReached } from '#runtime/errors.js';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import type { Entitlements } from './entitlements.js';
import { findPlan, type LimitName, limitOf, planThatAllows } from './plans.js';

const LOCK = 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))';

export interface Growth {
  organizationId: string;
  limit: LimitName;
  /** How many more there will be; default 1. */
  adding?: number;
  /** Counts those there are, in the same transaction. */
  count(): Promise<number>;
}

/** Returns the error of an organization that uses, or would use, more than its plan allows. */
export function limitReached(
  planId: string,
  { limit, used, needed = used }: { limit: LimitName; used: number; needed?: number },
): LimitReached {
  const larger = planThatAllows(limit, needed);
  return new LimitReached(
    { name: limit, used, allowed: limitOf(planId, limit) ?? used, planId: larger?.id ?? null },
    findPlan(planId)?.name,
    larger?.name,
  );
}

/**
 * Refuses what would exceed a limit of the organization's plan, in the transaction that adds it: of concurrent ones, only as many as
 * there is room for come through. Throws LimitReached.
 */
export async function requireWithinLimit(
  manager: SqlDatabase,
  { entitlements }: { entitlements: Entitlements },
  { organizationId, limit, adding = 1, count }: Growth,
): Promise<void> {
  const { planId } = await entitlements.of(organizationId);
  const allowed = limitOf(planId, limit);
  if (allowed === null) return;
  await manager.query(LOCK, [`${limit} ${organizationId}`]);
  const used = await count();
  if (used + adding <= allowed) return;
  throw limitReached(planId, { limit, used, needed: used + adding });
}
