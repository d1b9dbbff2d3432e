import { MoreThan } from 'typeorm';
import { z } from 'zod';
import { checkPageSize, type Page, type PageArguments, pageOf } from '#kit/page.js';
import type { ServiceContext } from '#reporting/context.js';
import type { Report } from '#reporting/entities/report.js';
import { type ReportRow, ReportRowEntity } from '#reporting/entities/report-row.js';
import { readCursor } from './read-cursor.js';

const position = z.tuple([z.int32().nonnegative()]);

/** Returns a page of a report's rows in order; null until it is READY. */
export async function listReportRows(
  { database }: ServiceContext,
  { report, ...page }: { report: Report } & PageArguments,
): Promise<Page<ReportRow> | null> {
  checkPageSize(page.first);
  const { id: reportId, status } = report;
  if (status !== 'READY') return null;
  const [after] = page.after ? readCursor(position, page.after) : [-1];
  const rows = await database.manager.find(ReportRowEntity, {
    where: { reportId, position: MoreThan(after) },
    order: { position: 'ASC' },
    take: page.first + 1,
  });
  return pageOf(rows, page, (row) => [row.position]);
}
