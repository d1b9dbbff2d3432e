import type { ReportTemplateResolvers } from '../resolver-types.js';

export const ReportTemplate: ReportTemplateResolvers = {
  __resolveReference: ({ id }, { reportTemplateById }) => reportTemplateById.load(id),
};
