import type { ReportPreviewSectionResolvers, ReportTemplateResolvers } from '#reporting/resolver-types.js';

export const ReportTemplate: ReportTemplateResolvers = {
  __resolveReference: ({ id }, { reportTemplateById }) => reportTemplateById.load(id),
  isBuiltIn: ({ organizationId }) => organizationId === null,
  sections: ({ definition }) => definition.sections,
};

export const ReportPreviewSection: ReportPreviewSectionResolvers = {
  rows: ({ rows }) => rows.map((cells) => ({ cells })),
  totals: ({ totals }) => totals.map((cells) => ({ cells })),
};
