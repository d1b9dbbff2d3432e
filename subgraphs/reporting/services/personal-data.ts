import type { ServiceContext } from '#reporting/context.js';
import { pickColumns } from '#runtime/database/pick-columns.js';

const REPORT = ['id', 'organization_id', 'template_id', 'title', 'status', 'created_at', 'finished_at'];

const SHARE = [
  'id',
  'organization_id',
  'report_id',
  'formats',
  'created_at',
  'expires_at',
  'revoked_at',
  'view_count',
  'last_viewed_at',
];

/** Returns the reports a person ordered, without rows, and the share links they created. */
export async function personalData(
  { database }: ServiceContext,
  { personId }: { personId: string },
): Promise<Record<string, unknown>> {
  const reports = await database.query<Record<string, unknown>[]>(
    'SELECT * FROM reporting.report WHERE created_by = $1 ORDER BY created_at',
    [personId],
  );
  const shares = await database.query<Record<string, unknown>[]>(
    'SELECT * FROM reporting.report_share WHERE created_by = $1 ORDER BY created_at',
    [personId],
  );
  return {
    reports: reports.map((report) => pickColumns(report, REPORT)),
    shares: shares.map((share) => pickColumns(share, SHARE)),
  };
}
