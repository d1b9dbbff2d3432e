import { presentationOf } from '#reporting/branding/presentation.js';
import type { ServiceContext } from '#reporting/context.js';
import { openDataset } from '#reporting/dataset/open-dataset.js';
import { ReportEntity } from '#reporting/entities/report.js';
import type { ReportShare } from '#reporting/entities/report-share.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { bearerOf, findShare } from './find-share.js';
import { reportPage } from './page/report-page.js';
import { closedPage, lockedPage, type SharedPage } from './page/share-pages.js';
import { isUnlocked } from './share-access.js';

const MAX_COUNT = 2_147_483_647;

/** Counts a view of a share link's page; the first one is recorded. */
async function countView(
  { services, database, identity }: ServiceContext,
  { id, organizationId, reportId }: ReportShare,
): Promise<void> {
  await database.transaction(async (manager) => {
    const [[counted]] = await manager.query<[{ count: number }[], number]>(
      `UPDATE reporting.report_share SET view_count = LEAST(view_count::bigint + 1, ${MAX_COUNT}), last_viewed_at = $2
       WHERE id = $1 RETURNING view_count AS count`,
      [id, services.now()],
    );
    if (counted?.count !== 1) return;
    const target = { type: 'ReportShare', id };
    await recordAudit(manager, identity, {
      organizationId,
      action: 'report-share.viewed',
      target,
      after: { reportId },
    });
  });
}

/** A view of a share link. */
export interface View {
  token: string;
  /** Of `unlockSharedReport`. */
  access?: string | null;
  /** Whether it is a view, and no look at the headers or ahead. */
  isCounted: boolean;
  acceptLanguage?: string | null;
}

/** Returns the page of a share link for its bearer, and counts the view. */
export async function viewSharedReport(
  context: ServiceContext,
  { token, access, isCounted, acceptLanguage }: View,
): Promise<SharedPage> {
  const { database, identity } = context;
  const share = await findShare(context, { token });
  const dataset = share && (await openDataset(context, { reportId: share.reportId }));
  if (!share || !dataset) return closedPage(acceptLanguage);
  if (!(await isUnlocked(context, { share, access }))) return lockedPage({ acceptLanguage, token });
  const bearer = { ...context, identity: bearerOf(share, identity) };
  const { organizationId, reportId: id } = share;
  const { clientIds } = await database.manager.findOneByOrFail(ReportEntity, { id, organizationId });
  if (isCounted) await countView(bearer, share);
  const { manifest } = dataset;
  const presentation = await presentationOf(context, { organizationId, clientIds, manifest });
  return reportPage({ dataset, presentation, share, token });
}
