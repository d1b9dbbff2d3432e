import type { MutationResolvers } from '#reporting/resolver-types.js';
import { generateReport } from '#reporting/services/generate-report.js';
import { recordReportDownload } from '#reporting/services/record-report-download.js';

export const Mutation: MutationResolvers = {
  generateReport: async (_root, { templateId, ...given }, { services, database, identity, reportTemplateById }) => {
    const template = await reportTemplateById.load(templateId);
    return { report: await generateReport(services, database, identity, template, given) };
  },
  recordReportDownload: async (_root, { reportId }, { database, identity, reportById }) =>
    recordReportDownload(database, identity, await reportById.load(reportId)),
};
