import { z } from 'zod';
import { checkPageSize, type Page, type PageArguments, pageOf, readCursor } from '#kit/page.js';
import type { ServiceContext } from '#reporting/context.js';
import { ReportEntity } from '#reporting/entities/report.js';
import { type ReportShare, ReportShareEntity } from '#reporting/entities/report-share.js';
import { coversOnly } from '#reporting/visible-clients.js';

const position = z.tuple([z.iso.datetime().transform((text) => new Date(text)), z.uuid()]);

/** Returns a page of the share links of an organization whose reports the caller sees, the newest first. */
export async function listReportShares(
  { database, identity }: ServiceContext,
  { organizationId, ...page }: { organizationId: string } & PageArguments,
): Promise<Page<ReportShare>> {
  checkPageSize(page.first);
  const query = database
    .createQueryBuilder(ReportShareEntity, 'share')
    .where('share.organization_id = :organizationId', { organizationId })
    .orderBy('share.createdAt', 'DESC')
    .addOrderBy('share.id', 'DESC')
    .limit(page.first + 1);
  if (identity.clientIds) {
    const joined = `report.id = share.report_id AND ${coversOnly('report')}`;
    query.innerJoin(ReportEntity.options.name, 'report', joined, { seen: identity.clientIds });
  }
  if (page.after) {
    const [createdAt, id] = readCursor(position, page.after);
    query.andWhere('(share.created_at, share.id) < (:createdAt, :id)', { createdAt, id });
  }
  return pageOf(await query.getMany(), page, ({ createdAt, id }) => [createdAt, id]);
}
