import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import { type ReportTemplate, ReportTemplateEntity } from '#reporting/entities/report-template.js';

/** Loads report templates, null for an unknown id. Reads all of them: there are few. */
export function reportTemplateById(database: DataSource): DataLoader<string, ReportTemplate | null> {
  return new DataLoader(async (ids) => {
    const templates = await database.manager.find(ReportTemplateEntity);
    const known = new Map(templates.map((template) => [template.id, template]));
    return ids.map((id) => known.get(id) ?? null);
  });
}
