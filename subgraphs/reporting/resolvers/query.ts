import { NotFound } from '../../../ops/runtime/errors.js';
import type { QueryResolvers } from '../resolver-types.js';
import { listReportTemplates } from '../services/list-report-templates.js';

export const Query: QueryResolvers = {
  report: async (_root, { id }, { reportById }) => {
    const report = await reportById.load(id);
    if (!report) throw new NotFound('report');
    return report;
  },
  reportTemplates: (_root, _args, { database }) => listReportTemplates(database),
};
