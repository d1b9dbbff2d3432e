import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';

/** Counts what the limit SCHEDULES bounds: all schedules, whether or not they are paused. */
export async function countSchedules(
  database: SqlDatabase,
  { organizationId }: { organizationId: string },
): Promise<number> {
  const [row] = await database.query<{ count: number }[]>(
    'SELECT count(*)::int AS count FROM reporting.report_schedule WHERE organization_id = $1',
    [organizationId],
  );
  return row?.count ?? 0;
}
