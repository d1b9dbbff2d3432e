// What resolvers hand over for a GraphQL type where it differs from the type's own fields (read by `npm run schema`).

import type { Page } from '#kit/page.js';
import type { Report } from './entities/report.js';
import type { ReportRow } from './entities/report-row.js';
import type { ReportTemplate } from './entities/report-template.js';

export type ReportModel = Report;
export type ReportConnectionModel = Page<Report>;
export type ReportTemplateModel = ReportTemplate;
export type ReportRowConnectionModel = Page<ReportRow>;

/** The organization as the gateway represents it. */
export interface OrganizationModel {
  id: string;
}
