import type { ServiceContext } from '#reporting/context.js';
import { type ReportTemplate, ReportTemplateEntity } from '#reporting/entities/report-template.js';

/** Returns the report templates. */
export function listReportTemplates({ database }: ServiceContext): Promise<ReportTemplate[]> {
  return database.manager.find(ReportTemplateEntity, { order: { position: 'ASC' } });
}
