import type { ReportTemplateResolvers } from '#reporting/resolver-types.js';

export const ReportTemplate: ReportTemplateResolvers = {
  __resolveReference: ({ id }, { reportTemplateById }) => reportTemplateById.load(id),
};
