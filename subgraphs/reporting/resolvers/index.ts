import { reportDownloadUrl } from '#reporting/rendering/download-url.js';
import type { Format } from '#reporting/rendering/renderer.js';
import type {
  MutationResolvers,
  OrganizationResolvers,
  QueryResolvers,
  ReportResolvers,
  ReportTemplateResolvers,
  Resolvers,
} from '#reporting/resolver-types.js';
import { generateReport } from '#reporting/services/generate-report.js';
import { listReportRows, listReports, listReportTemplates } from '#reporting/services/list-reports.js';
import { getSummarySettings, setReportSummary } from '#reporting/summary/summary-settings.js';
import { columnsOf } from '#reporting/templates/columns.js';
import { NotFound } from '#runtime/errors.js';
import { ReportDelivery, ReportSchedule, scheduleLists, scheduleMutations, scheduleQueries } from './schedule.js';
import { ReportShare, SharedReport, shareMutation, shareQuery, sharesOfOrganization, sharesOfReport } from './share.js';

const Query: QueryResolvers = {
  ...shareQuery,
  ...scheduleQueries,
  report: async (_root, { id }, { reportById }) => {
    const report = await reportById.load(id);
    if (!report) throw new NotFound('report');
    return report;
  },
  reportTemplates: () => listReportTemplates(),
};

const Mutation: MutationResolvers = {
  ...shareMutation,
  ...scheduleMutations,
  generateReport: async (_root, given, context) => ({ report: await generateReport(context, given) }),
  setReportSummary: async (_root, given, context) => ({ organization: await setReportSummary(context, given) }),
};

const Organization: OrganizationResolvers = {
  ...scheduleLists,
  __resolveReference: (reference, { identity }) => (reference.id === identity.organizationId ? reference : null),
  reports: ({ id: organizationId }, page, context) => listReports(context, { organizationId, ...page }),
  reportShares: sharesOfOrganization,
  reportTemplates: () => listReportTemplates(),
  reportSummary: ({ id: organizationId }, _args, context) => getSummarySettings(context, { organizationId }),
};

const Report: ReportResolvers = {
  __resolveReference: ({ id }, { reportById }) => reportById.load(id),
  failure: ({ failureCode: code, failureMessage: message }) => (code && message ? { code, message } : null),
  template: async ({ templateId }, _args, { reportTemplateById }) => {
    const template = await reportTemplateById.load(templateId);
    if (!template) throw new NotFound('report template');
    return template;
  },
  currentSection: ({ step, stepSection, definition }) => {
    const section = step === 'READING' && stepSection !== null ? definition.sections[stepSection] : undefined;
    return section ? (section.title ?? section.kind) : null;
  },
  waiting: ({ status, waitingCode: code, waitingMessage: message, waitingSince: since, retryAt }) =>
    status === 'WAITING' && code && message && since && retryAt ? { code, message, since, retryAt } : null,
  compared: ({ comparedStart: start, comparedEnd: end }) => (start && end ? { start, end } : null),
  range: ({ rangeStart, rangeEnd }) => ({ start: rangeStart, end: rangeEnd }),
  clients: ({ clientIds }) => clientIds.map((id) => ({ id })),
  unavailableAccounts: ({ unavailableAccounts }) =>
    unavailableAccounts.map(({ accountId, ...account }) => ({ ...account, account: { id: accountId } })),
  createdBy: ({ createdBy }, _args, { identity: { userId, clientIds } }) =>
    createdBy && (!clientIds || createdBy === userId) ? { id: createdBy } : null,
  rows: (report, page, context) => listReportRows(context, { report, ...page }),
  shares: sharesOfReport,
  downloadUrl: (report, { format = 'CSV' }, context) =>
    reportDownloadUrl(context, { report, format: format.toLowerCase() as Format }),
};

const ReportTemplate: ReportTemplateResolvers = {
  columns: ({ id }) => columnsOf[id] ?? [],
  __resolveReference: ({ id }, { reportTemplateById }) => reportTemplateById.load(id),
};

export const resolvers: Resolvers = {
  Query,
  Mutation,
  ReportTemplate,
  Report,
  ReportShare,
  SharedReport,
  ReportSchedule,
  ReportDelivery,
  Organization,
};
