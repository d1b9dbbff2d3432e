import { z } from 'zod';
import { checkPageSize, type Page, type PageArguments, pageOf } from '#kit/page.js';
import type { ServiceContext } from '#reporting/context.js';
import { type Report, ReportEntity } from '#reporting/entities/report.js';
import { readCursor } from './read-cursor.js';

const position = z.tuple([z.iso.datetime().transform((text) => new Date(text)), z.uuid()]);

/** Returns a page of an organization's reports, the newest first. */
export async function listReports(
  { database }: ServiceContext,
  { organizationId, ...page }: { organizationId: string } & PageArguments,
): Promise<Page<Report>> {
  checkPageSize(page.first);
  const query = database
    .createQueryBuilder(ReportEntity, 'report')
    .where('report.organization_id = :organizationId', { organizationId })
    .orderBy('report.createdAt', 'DESC')
    .addOrderBy('report.id', 'DESC')
    .limit(page.first + 1);
  if (page.after) {
    const [createdAt, id] = readCursor(position, page.after);
    query.andWhere('(report.created_at, report.id) < (:createdAt, :id)', { createdAt, id });
  }
  return pageOf(await query.getMany(), page, ({ createdAt, id }) => [createdAt, id]);
}
