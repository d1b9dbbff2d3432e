import { z } from 'zod';
import { checkPageSize, type Page, type PageArguments, pageOf, readCursor } from '#kit/page.js';
import type { ServiceContext } from '#reporting/context.js';
import type { StoredDataset } from '#reporting/dataset/open-dataset.js';
import { type Report, ReportEntity, type ReportStatus } from '#reporting/entities/report.js';
import type { ReportRowModel } from '#reporting/models.js';
import { coversOnly } from '#reporting/visible-clients.js';
import { isRowId } from '#runtime/database/database.js';

/** Which reports are listed. */
export interface ReportFilter {
  status?: readonly ReportStatus[] | null;
  templateId?: string | null;
  scheduleId?: string | null;
  clientId?: string | null;
  from?: string | null;
  to?: string | null;
}

const reportPosition = z.tuple([z.iso.datetime().transform((text) => new Date(text)), z.uuid()]);

/** Returns a page of an organization's reports that the caller sees, the newest first. An id that is none finds nothing. */
export async function listReports(
  { database, identity }: ServiceContext,
  { organizationId, filter, ...page }: { organizationId: string; filter?: ReportFilter | null } & PageArguments,
): Promise<Page<Report>> {
  checkPageSize(page.first);
  const query = database
    .createQueryBuilder(ReportEntity, 'report')
    .where('report.organization_id = :organizationId', { organizationId })
    .orderBy('report.createdAt', 'DESC')
    .addOrderBy('report.id', 'DESC')
    .limit(page.first + 1);
  if (identity.clientIds) query.andWhere(coversOnly('report'), { seen: identity.clientIds });
  const { status, templateId, scheduleId, clientId, from, to } = filter ?? {};
  const idOf = (id: string) => (isRowId(id) ? id : null);
  if (status) query.andWhere('report.status = ANY(:status)', { status });
  if (templateId) query.andWhere('report.template_id = :templateId', { templateId: templateId.replaceAll('\0', '') });
  if (scheduleId) query.andWhere('report.schedule_id = :scheduleId::uuid', { scheduleId: idOf(scheduleId) });
  if (clientId) query.andWhere(':clientId::uuid = ANY(report.client_ids)', { clientId: idOf(clientId) });
  if (from) query.andWhere('report.range_end >= :from', { from });
  if (to) query.andWhere('report.range_start <= :to', { to });
  if (page.after) {
    const [createdAt, id] = readCursor(reportPosition, page.after);
    query.andWhere('(report.created_at, report.id) < (:createdAt, :id)', { createdAt, id });
  }
  return pageOf(await query.getMany(), page, ({ createdAt, id }) => [createdAt, id]);
}

const rowPosition = z.tuple([z.int32().nonnegative()]);

/** Returns a page of the rows of a section, in order. */
export async function listReportRows(
  { dataset, section: { id } }: { dataset: StoredDataset; section: { id: string } },
  page: PageArguments,
): Promise<Page<ReportRowModel>> {
  checkPageSize(page.first);
  const [after] = page.after ? readCursor(rowPosition, page.after) : [-1];
  const start = after + 1;
  const rows = await dataset.page(id, { start, count: page.first + 1 });
  const numbered = rows.map((cells, index) => ({ cells, position: start + index }));
  return pageOf(numbered, page, ({ position }) => [position]);
}
