import { countReportsOfMonth } from '#reporting/plan/report-orders.js';
import { countSchedules } from '#reporting/plan/schedules-in-use.js';
import type {
  MutationResolvers,
  OrganizationResolvers,
  QueryResolvers,
  Resolvers,
  UsageDayResolvers,
} from '#reporting/resolver-types.js';
import { cancelReport, deleteReport, retryReport } from '#reporting/services/change-report.js';
import { generateReport } from '#reporting/services/generate-report.js';
import { listReports } from '#reporting/services/list-reports.js';
import { previewReport } from '#reporting/services/preview-report.js';
import { getSummarySettings, setReportSummary } from '#reporting/summary/summary-settings.js';
import {
  createReportTemplate,
  deleteReportTemplate,
  updateReportTemplate,
} from '#reporting/templates/change-template.js';
import { listReportTemplates } from '#reporting/templates/report-template.js';
import { NotFound, Unauthenticated } from '#runtime/errors.js';
import {
  Branding,
  brandingMutation,
  brandingOfOrganization,
  brandingQuery,
  brandingsOfClients,
  Logo,
} from './branding.js';
import { Report, ReportColumn, ReportSection, ReportSource } from './report.js';
import { ReportPreviewSection, ReportTemplate } from './report-template.js';
import { ReportDelivery, ReportSchedule, scheduleLists, scheduleMutations, scheduleQueries } from './schedule.js';
import { ReportShare, SharedReport, shareMutation, shareQuery, sharesOfOrganization } from './share.js';

const Query: QueryResolvers = {
  ...shareQuery,
  ...scheduleQueries,
  ...brandingQuery,
  report: async (_root, { id }, { reportById }) => {
    const report = await reportById.load(id);
    if (!report) throw new NotFound('report');
    return report;
  },
  reportTemplates: (_root, _args, { database, identity: { organizationId } }) => {
    if (!organizationId) throw new Unauthenticated();
    return listReportTemplates(database.manager, { organizationId });
  },
  previewReport: (_root, given, context) => previewReport(context, given),
};

const Mutation: MutationResolvers = {
  ...shareMutation,
  ...scheduleMutations,
  ...brandingMutation,
  generateReport: async (_root, given, context) => ({ report: await generateReport(context, given) }),
  setReportSummary: async (_root, given, context) => ({ organization: await setReportSummary(context, given) }),
  cancelReport: async (_root, given, context) => ({ report: await cancelReport(context, given) }),
  retryReport: async (_root, given, context) => ({ report: await retryReport(context, given) }),
  deleteReport: async (_root, given, context) => ({ reportId: await deleteReport(context, given) }),
  createReportTemplate: async (_root, given, context) => ({ template: await createReportTemplate(context, given) }),
  updateReportTemplate: async (_root, given, context) => ({ template: await updateReportTemplate(context, given) }),
  deleteReportTemplate: async (_root, given, context) => ({ templateId: await deleteReportTemplate(context, given) }),
};

const Organization: OrganizationResolvers = {
  ...scheduleLists,
  __resolveReference: (reference, { identity }) => (reference.id === identity.organizationId ? reference : null),
  monthlyReportCount: ({ id: organizationId }, _args, { database, services }) =>
    countReportsOfMonth(database, { organizationId, now: services.now() }),
  scheduleCount: ({ id: organizationId }, _args, { database }) => countSchedules(database, { organizationId }),
  reports: ({ id: organizationId }, args, context) => listReports(context, { organizationId, ...args }),
  reportShares: sharesOfOrganization,
  reportTemplates: ({ id: organizationId }, _args, { database }) =>
    listReportTemplates(database.manager, { organizationId }),
  branding: brandingOfOrganization,
  clientBrandings: brandingsOfClients,
  reportSummary: ({ id: organizationId }, _args, context) => getSummarySettings(context, { organizationId }),
};

const UsageDay: UsageDayResolvers = {
  __resolveReference: (reference, { identity }) =>
    reference.organizationId === identity.organizationId ? reference : null,
  reports: ({ date }, _args, { reportsByDay }) => reportsByDay.load(date),
};

export const resolvers: Resolvers = {
  Query,
  Mutation,
  ReportSchedule,
  ReportDelivery,
  Branding,
  Logo,
  Organization,
  Report,
  ReportColumn,
  ReportPreviewSection,
  ReportSection,
  ReportShare,
  ReportSource,
  ReportTemplate,
  SharedReport,
  UsageDay,
};
