import type { Context, ServiceContext } from '#reporting/context.js';
import type { Report } from '#reporting/entities/report.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { NotFound } from '#runtime/errors.js';
import { REPORT_DOWNLOAD_AUDIENCE, type ReportDownloadClaims } from '#runtime/identity/token-audiences.js';

const TTL_SECONDS = 15 * 60;

/** Returns a link to the CSV, valid for 15 minutes and as long as the caller's session; null until the report is READY. */
export async function reportDownloadUrl(
  { services, identity }: ServiceContext,
  report: Report,
): Promise<string | null> {
  const { id: reportId, organizationId, status } = report;
  if (status !== 'READY') return null;
  const { sessionId } = identity;
  const claims: ReportDownloadClaims = { organizationId, reportId, ...(sessionId && { sessionId }) };
  const token = await services.internalSigner.signClaims({ ...claims }, REPORT_DOWNLOAD_AUDIENCE, TTL_SECONDS);
  return `${services.publicUrl()}/downloads/reports/${reportId}.csv?token=${token}`;
}

/** Records the download of a report in the audit trail. Throws NotFound. */
export async function recordReportDownload(
  { database, identity, reportById }: Context,
  { reportId }: { reportId: string },
): Promise<true> {
  const report = await reportById.load(reportId);
  if (!report) throw new NotFound('report');
  const { id, organizationId } = report;
  const target = { type: 'Report', id };
  await database.transaction((manager) =>
    recordAudit(manager, identity, { organizationId, action: 'report.downloaded', target }),
  );
  return true;
}
