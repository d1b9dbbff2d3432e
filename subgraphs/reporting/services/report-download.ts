import type { Report } from '#reporting/entities/report.js';
import { REPORT_DOWNLOAD_AUDIENCE, type ReportDownloadClaims } from '#runtime/identity/token-audiences.js';
import type { Services } from '#runtime/services.js';

const TTL_SECONDS = 15 * 60;

/** Returns where a report can be fetched as CSV by whoever has the link, for 15 minutes; null until it is READY. */
export async function reportDownloadUrl(
  { internalSigner, publicUrl }: Services,
  { id: reportId, organizationId, status }: Report,
): Promise<string | null> {
  if (status !== 'READY') return null;
  const claims: ReportDownloadClaims = { organizationId, reportId };
  const token = await internalSigner.signClaims({ ...claims }, REPORT_DOWNLOAD_AUDIENCE, TTL_SECONDS);
  return `${publicUrl()}/downloads/reports/${reportId}.csv?token=${token}`;
}
