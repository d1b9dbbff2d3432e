import type { DataSource } from 'typeorm';
import { pickColumns } from '#runtime/database/pick-columns.js';

const REPORT = ['id', 'organization_id', 'template_id', 'title', 'status', 'created_at', 'finished_at'];

/** Returns the reports a person ordered. What is in them is the organization's. */
export async function personalData(database: DataSource, personId: string): Promise<Record<string, unknown>> {
  const reports = await database.query<Record<string, unknown>[]>(
    'SELECT * FROM reporting.report WHERE created_by = $1 ORDER BY created_at',
    [personId],
  );
  return { reports: reports.map((report) => pickColumns(report, REPORT)) };
}
