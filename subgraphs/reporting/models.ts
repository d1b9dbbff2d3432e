// The parent values of GraphQL types whose fields have resolvers (read by `npm run schema`).

import type { Page } from '#kit/page.js';
import type { Report } from './entities/report.js';
import type { ReportDelivery, ReportDeliveryRecipient } from './entities/report-delivery.js';
import type { ReportRecipient } from './entities/report-recipient.js';
import type { ReportRow } from './entities/report-row.js';
import type { ReportSchedule } from './entities/report-schedule.js';
import type { ReportShare } from './entities/report-share.js';
import type { SharedReport } from './shares/open-shared-report.js';
import type { ReportTemplate } from './templates/report-template.js';

export type ReportModel = Report;
export type ReportConnectionModel = Page<Report>;
export type ReportShareModel = ReportShare;
export type ReportShareConnectionModel = Page<ReportShare>;
export type SharedReportModel = SharedReport;
export type ReportTemplateModel = ReportTemplate;
export type ReportScheduleModel = ReportSchedule;
export type ReportScheduleConnectionModel = Page<ReportSchedule>;
export type ReportRecipientModel = ReportRecipient;
export type ReportDeliveryModel = ReportDelivery;
export type ReportDeliveryConnectionModel = Page<ReportDelivery>;
export type ReportDeliveryRecipientModel = ReportDeliveryRecipient;
export type ReportRowConnectionModel = Page<ReportRow>;

/** The organization as the gateway references it. */
export interface OrganizationModel {
  id: string;
}
