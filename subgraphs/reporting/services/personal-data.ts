import type { ServiceContext } from '#reporting/context.js';
import { pickColumns } from '#runtime/database/pick-columns.js';

const REPORT = ['id', 'organization_id', 'template_id', 'title', 'status', 'created_at', 'finished_at'];

/** Returns the reports a person ordered, without rows. */
export async function personalData(
  { database }: ServiceContext,
  { personId }: { personId: string },
): Promise<Record<string, unknown>> {
  const reports = await database.query<Record<string, unknown>[]>(
    'SELECT * FROM reporting.report WHERE created_by = $1 ORDER BY created_at',
    [personId],
  );
  return { reports: reports.map((report) => pickColumns(report, REPORT)) };
}
