import type { DataSource } from 'typeorm';
import type { Report } from '#reporting/entities/report.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { NotFound } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';

/** Writes down that a report is fetched. Throws NotFound. */
export async function recordReportDownload(
  database: DataSource,
  identity: Identity,
  report: Report | null,
): Promise<true> {
  if (!report) throw new NotFound('report');
  await database.transaction((manager) =>
    recordAudit(manager, identity, {
      organizationId: report.organizationId,
      action: 'report.downloaded',
      target: { type: 'Report', id: report.id },
    }),
  );
  return true;
}
