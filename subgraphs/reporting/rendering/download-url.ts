import type { ServiceContext } from '#reporting/context.js';
import type { Report } from '#reporting/entities/report.js';
import { REPORT_DOWNLOAD_AUDIENCE, type ReportDownloadClaims } from '#runtime/identity/token-audiences.js';
import type { Format } from './renderer.js';

const TTL_SECONDS = 15 * 60;

/** Returns a link to a file, valid for 15 minutes and as long as the caller's session; null until the report is READY. */
export async function reportDownloadUrl(
  { services, identity }: ServiceContext,
  { report, format }: { report: Report; format: Format },
): Promise<string | null> {
  const { id: reportId, organizationId, status } = report;
  if (status !== 'READY') return null;
  const { sessionId } = identity;
  const claims: ReportDownloadClaims = { organizationId, reportId, ...(sessionId && { sessionId }) };
  const token = await services.internalSigner.signClaims({ ...claims }, REPORT_DOWNLOAD_AUDIENCE, TTL_SECONDS);
  return `${services.publicUrl()}/reports/${reportId}/download.${format}?token=${token}`;
}
