import { z } from 'zod';
import { checkPageSize, decodeCursor, type Page, type PageArguments, pageOf } from '#kit/page.js';
import type { ServiceContext } from '#reporting/context.js';
import { ReportEntity } from '#reporting/entities/report.js';
import { type ReportShare, ReportShareEntity } from '#reporting/entities/report-share.js';
import { InvalidInput } from '#runtime/errors.js';

const position = z.tuple([z.iso.datetime().transform((text) => new Date(text)), z.uuid()]);

function readCursor(cursor: string): z.output<typeof position> {
  const result = position.safeParse(decodeCursor(cursor, 2));
  if (result.success) return result.data;
  throw new InvalidInput([{ argument: 'after', problem: 'is not a cursor of this list' }]);
}

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
    query.innerJoin(
      ReportEntity.options.name,
      'report',
      "report.id = share.report_id AND report.client_ids <@ :clientIds::uuid[] AND report.client_ids <> '{}'",
      { clientIds: identity.clientIds },
    );
  }
  if (page.after) {
    const [createdAt, id] = readCursor(page.after);
    query.andWhere('(share.created_at, share.id) < (:createdAt, :id)', { createdAt, id });
  }
  return pageOf(await query.getMany(), page, ({ createdAt, id }) => [createdAt, id]);
}
