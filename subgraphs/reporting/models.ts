// The parent values of GraphQL types whose fields have resolvers (read by `npm run schema`).

import type { Page } from '#kit/page.js';
import type { Cell, Column, ControlTotal, Language, Row, Section, SectionSource } from './dataset/dataset.js';
import type { StoredDataset } from './dataset/open-dataset.js';
import type { Branding, BrandingLogo } from './entities/branding.js';
import type { Report } from './entities/report.js';
import type { ReportDelivery, ReportDeliveryRecipient } from './entities/report-delivery.js';
import type { ReportRecipient } from './entities/report-recipient.js';
import type { ReportSchedule } from './entities/report-schedule.js';
import type { ReportShare } from './entities/report-share.js';
import type { SharedReport } from './shares/open-shared-report.js';
import type { SectionDefinition, SectionFilter } from './templates/definition.js';
import type { ReportTemplate } from './templates/report-template.js';

export type BrandingModel = Branding;
export type BrandingConnectionModel = Page<Branding>;
export type LogoModel = BrandingLogo & Pick<Branding, 'clientId'>;
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
export type ReportSectionDefinitionModel = SectionDefinition;
export type ReportSectionFilterModel = SectionFilter;
export type ReportSourceModel = SectionSource;
export type ReportControlTotalModel = ControlTotal;

/** A section of a stored report. */
export interface ReportSectionModel {
  section: Section;
  dataset: StoredDataset;
}

/** A column with the language of its heading. */
export interface ReportColumnModel {
  column: Column;
  language: Language;
}

/** The cells of a row. */
export interface ReportRowModel {
  cells: readonly Cell[];
}

export type ReportRowConnectionModel = Page<ReportRowModel>;

/** A section of a report that is not stored. */
export interface ReportPreviewSectionModel {
  key: string;
  kind: Section['kind'];
  title: string;
  text: string | null;
  columns: ReportColumnModel[];
  rows: Row[];
  totals: Row[];
  totalCount: number;
  missing: string[];
}

/** A day (UTC) of an organization, as the gateway references it. */
export interface UsageDayModel {
  organizationId: string;
  /** YYYY-MM-DD. */
  date: string;
}

/** The organization as the gateway references it. */
export interface OrganizationModel {
  id: string;
}
