import type { QueryResolvers } from '#reporting/resolver-types.js';
import { listReportTemplates } from '#reporting/services/list-report-templates.js';
import { NotFound } from '#runtime/errors.js';

export const Query: QueryResolvers = {
  report: async (_root, { id }, { reportById }) => {
    const report = await reportById.load(id);
    if (!report) throw new NotFound('report');
    return report;
  },
  reportTemplates: (_root, _args, context) => listReportTemplates(context),
};
