import { MoreThan } from 'typeorm';
import { z } from 'zod';
import { checkPageSize, decodeCursor, type Page, type PageArguments, pageOf } from '#kit/page.js';
import type { ServiceContext } from '#reporting/context.js';
import { type Report, ReportEntity } from '#reporting/entities/report.js';
import { type ReportRow, ReportRowEntity } from '#reporting/entities/report-row.js';
import { templates } from '#reporting/templates/index.js';
import { type ReportTemplate, sharedTemplates } from '#reporting/templates/report-template.js';
import { InvalidInput } from '#runtime/errors.js';

/** Returns the position in a cursor. Throws InvalidInput unless it has this shape. */
function readCursor<Position extends z.ZodTuple>(position: Position, cursor: string): z.output<Position> {
  const result = position.safeParse(decodeCursor(cursor, position.def.items.length));
  if (result.success) return result.data;
  throw new InvalidInput([{ argument: 'after', problem: 'is not a cursor of this list' }]);
}

/** Returns the report templates. */
export function listReportTemplates(): ReportTemplate[] {
  return sharedTemplates.filter(({ id }) => templates.some((template) => template.id === id));
}

const reportPosition = z.tuple([z.iso.datetime().transform((text) => new Date(text)), z.uuid()]);

/** Returns a page of an organization's reports that the caller sees, the newest first. */
export async function listReports(
  { database, identity }: ServiceContext,
  { organizationId, ...page }: { organizationId: string } & PageArguments,
): Promise<Page<Report>> {
  checkPageSize(page.first);
  const query = database
    .createQueryBuilder(ReportEntity, 'report')
    .where('report.organization_id = :organizationId', { organizationId })
    .orderBy('report.createdAt', 'DESC')
    .addOrderBy('report.id', 'DESC')
    .limit(page.first + 1);
  if (identity.clientIds) {
    query
      .andWhere('report.client_ids <@ :clientIds::uuid[]', { clientIds: identity.clientIds })
      .andWhere("report.client_ids <> '{}'");
  }
  if (page.after) {
    const [createdAt, id] = readCursor(reportPosition, page.after);
    query.andWhere('(report.created_at, report.id) < (:createdAt, :id)', { createdAt, id });
  }
  return pageOf(await query.getMany(), page, ({ createdAt, id }) => [createdAt, id]);
}

const rowPosition = z.tuple([z.int32().nonnegative()]);

/** Returns a page of a report's rows in order; null until it is READY. */
export async function listReportRows(
  { database }: ServiceContext,
  { report, ...page }: { report: Report } & PageArguments,
): Promise<Page<ReportRow> | null> {
  checkPageSize(page.first);
  const { id: reportId, status } = report;
  if (status !== 'READY') return null;
  const [after] = page.after ? readCursor(rowPosition, page.after) : [-1];
  const rows = await database.manager.find(ReportRowEntity, {
    where: { reportId, position: MoreThan(after) },
    order: { position: 'ASC' },
    take: page.first + 1,
  });
  return pageOf(rows, page, (row) => [row.position]);
}
