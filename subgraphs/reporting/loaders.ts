import DataLoader from 'dataloader';
import { type DataSource, In } from 'typeorm';
import { isRowId } from '#runtime/database/database.js';
import { type Report, ReportEntity } from './entities/report.js';
import { type ReportTemplate, ReportTemplateEntity } from './entities/report-template.js';

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

/** Loads report templates, null for an unknown id. Reads all of them: there are few. */
export function reportTemplateById(database: DataSource): DataLoader<string, ReportTemplate | null> {
  return new DataLoader(async (ids) => {
    const templates = await database.manager.find(ReportTemplateEntity);
    const known = new Map(templates.map((template) => [template.id, template]));
    return ids.map((id) => known.get(id) ?? null);
  });
}
