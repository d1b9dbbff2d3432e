import DataLoader from 'dataloader';
import { type DataSource, In } from 'typeorm';
import { type Report, ReportEntity } from '#reporting/entities/report.js';
import { isRowId } from '#runtime/database/database.js';

/** Loads reports of one organization; any other is null. */
export function reportById(
  database: DataSource,
  organizationId: string | undefined,
): DataLoader<string, Report | null> {
  return new DataLoader(async (ids) => {
    const rowIds = ids.filter(isRowId);
    if (!organizationId || rowIds.length === 0) return ids.map(() => null);
    const reports = await database.manager.findBy(ReportEntity, { organizationId, id: In(rowIds) });
    const known = new Map(reports.map((report) => [report.id, report]));
    return ids.map((id) => known.get(id) ?? null);
  });
}
