import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import { type ReportTemplate, ReportTemplateEntity } from '#reporting/entities/report-template.js';

/** Loads report templates; one that does not exist is null. There are few, so all of them are read. */
export function reportTemplateById(database: DataSource): DataLoader<string, ReportTemplate | null> {
  return new DataLoader(async (ids) => {
    const templates = await database.manager.find(ReportTemplateEntity);
    const known = new Map(templates.map((template) => [template.id, template]));
    return ids.map((id) => known.get(id) ?? null);
  });
}
