import type { Report } from '#reporting/entities/report.js';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';

/** Records that a report is ordered, until `uncountReport`: deleting it does not make room for another one. */
export async function countReport(
  manager: SqlDatabase,
  { id, organizationId }: Pick<Report, 'id' | 'organizationId'>,
  orderedAt: Date,
): Promise<void> {
  await manager.query(
    `INSERT INTO reporting.report_order (organization_id, report_id, ordered_at) VALUES ($1, $2, $3)
     ON CONFLICT DO NOTHING`,
    [organizationId, id, orderedAt],
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
