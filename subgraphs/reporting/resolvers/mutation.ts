import type { MutationResolvers } from '#reporting/resolver-types.js';
import { generateReport } from '#reporting/services/generate-report.js';
import { recordReportDownload } from '#reporting/services/report-download.js';

export const Mutation: MutationResolvers = {
  generateReport: async (_root, given, context) => ({ report: await generateReport(context, given) }),
  recordReportDownload: (_root, given, context) => recordReportDownload(context, given),
};
