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

const SCHEDULE = ['id', 'organization_id', 'name', 'template_id', 'recurrence', 'period', 'pause_reason', 'created_at'];

/** Returns the reports a person ordered, without rows, the share links they created, and the schedules they own. */
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
  const schedules = await database.query<Record<string, unknown>[]>(
    'SELECT * FROM reporting.report_schedule WHERE owner_id = $1 ORDER BY created_at',
    [personId],
  );
  return {
    schedules: schedules.map((schedule) => pickColumns(schedule, SCHEDULE)),
    reports: reports.map((report) => pickColumns(report, REPORT)),
    shares: shares.map((share) => pickColumns(share, SHARE)),
  };
}
