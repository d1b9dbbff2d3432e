import type { DataSource } from 'typeorm';
import { type ReportTemplate, ReportTemplateEntity } from '#reporting/entities/report-template.js';

/** Returns the reports that can be generated. */
export function listReportTemplates(database: DataSource): Promise<ReportTemplate[]> {
  return database.manager.find(ReportTemplateEntity, { order: { position: 'ASC' } });
}
