import type { Report } from '#reporting/entities/report.js';
import type { Entitlements } from '#runtime/entitlements/entitlements.js';
import { findPlan } from '#runtime/entitlements/plans.js';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';

/**
 * Records that a report is ordered, until `uncountReport`: deleting it does not make room for another one. With `isBeyond` it is beyond what
 * the plan includes, and charged for once it is made.
 */
export async function countReport(
  manager: SqlDatabase,
  { id, organizationId }: Pick<Report, 'id' | 'organizationId'>,
  { orderedAt, isBeyond = false }: { orderedAt: Date; isBeyond?: boolean },
): Promise<void> {
  await manager.query(
    `INSERT INTO reporting.report_order (organization_id, report_id, ordered_at, overage) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING`,
    [organizationId, id, orderedAt, isBeyond ? 'ORDERED' : null],
  );
}

/** Returns whether one more report is beyond what the plan includes this month, and paid for; of concurrent ones each counts. */
export async function isBeyondPlan(
  manager: SqlDatabase,
  { entitlements }: { entitlements: Entitlements },
  { organizationId, now }: { organizationId: string; now: Date },
): Promise<boolean> {
  const { planId } = await entitlements.of(organizationId);
  const overage = findPlan(planId)?.overage;
  if (overage?.limit !== 'REPORTS_PER_MONTH') return false;
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`overage ${organizationId}`]);
  return (await countReportsOfMonth(manager, { organizationId, now })) >= overage.included;
}

/** Records that a report is made: one beyond the plan is charged for. */
export async function chargeReport(
  manager: SqlDatabase,
  { id, organizationId }: Pick<Report, 'id' | 'organizationId'>,
): Promise<void> {
  await manager.query(
    `UPDATE reporting.report_order SET overage = 'MADE'
     WHERE organization_id = $1 AND report_id = $2 AND overage = 'ORDERED'`,
    [organizationId, id],
  );
}

/** Records that an ordered report has failed: it does not count. */
export async function uncountReport(
  manager: SqlDatabase,
  { id, organizationId }: Pick<Report, 'id' | 'organizationId'>,
): Promise<void> {
  const key = [organizationId, id];
  await manager.query('DELETE FROM reporting.report_order WHERE organization_id = $1 AND report_id = $2', key);
}

/** Counts what the limit REPORTS_PER_MONTH bounds: reports ordered in the calendar month (UTC) that have not failed. */
export async function countReportsOfMonth(
  database: SqlDatabase,
  { organizationId, now }: { organizationId: string; now: Date },
): Promise<number> {
  const monthStart = `${now.toISOString().slice(0, 7)}-01T00:00:00Z`;
  const [row] = await database.query<{ count: number }[]>(
    'SELECT count(*)::int AS count FROM reporting.report_order WHERE organization_id = $1 AND ordered_at >= $2',
    [organizationId, monthStart],
  );
  return row?.count ?? 0;
}
