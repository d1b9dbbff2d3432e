import { brandingFor } from '#reporting/branding/presentation.js';
import type { ServiceContext } from '#reporting/context.js';
import { ReportEntity } from '#reporting/entities/report.js';
import type { Format } from '#reporting/rendering/renderer.js';
import { findShare } from './find-share.js';
import { isUnlocked } from './share-access.js';

/** The one report a share link opens. */
export interface SharedReport {
  shareId: string;
  reportId: string;
  organizationId: string;
  formats: Format[];
  /** Returns the logo on its page as PNG in base64; null without one. */
  logo(): Promise<string | null>;
}

/** Returns what a share link opens; null when it opens nothing, or its password has not been entered. */
export async function openSharedReport(
  context: ServiceContext,
  { token, access }: { token: string; access?: string | null },
): Promise<SharedReport | null> {
  const share = await findShare(context, { token });
  if (!share || !(await isUnlocked(context, { share, access }))) return null;
  const { id: shareId, reportId, organizationId, formats } = share;
  return {
    shareId,
    reportId,
    organizationId,
    formats,
    logo: async () => {
      const where = { id: reportId, organizationId };
      const report = await context.database.manager.findOneBy(ReportEntity, where);
      const { clientIds = [] } = report ?? {};
      const { logo } = await brandingFor(context, { organizationId, clientIds, name: '' });
      return logo ? Buffer.from(logo.png).toString('base64') : null;
    },
  };
}
