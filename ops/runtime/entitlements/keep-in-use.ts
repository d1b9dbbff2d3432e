import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import type { LimitName } from './plans.js';

/** Stores which items an owner keeps in use when there are more than the plan allows; none = the oldest. */
export async function keepInUse(
  manager: SqlDatabase,
  { organizationId, limit, ids, now }: { organizationId: string; limit: LimitName; ids: string[]; now: Date },
): Promise<void> {
  await manager.query(
    `UPDATE operations.entitlement SET kept = kept || jsonb_build_object($2::text, $3::jsonb), updated_at = $4
     WHERE organization_id = $1`,
    [organizationId, limit, JSON.stringify(ids), now],
  );
}
