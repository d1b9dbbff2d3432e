import type {
  ReportPreviewResolvers,
  ReportPreviewSectionResolvers,
  ReportSectionFilterResolvers,
  ReportTemplateResolvers,
} from '#reporting/resolver-types.js';

export const ReportTemplate: ReportTemplateResolvers = {
  __resolveReference: ({ id }, { reportTemplateById }) => reportTemplateById.load(id),
  isBuiltIn: ({ organizationId }) => organizationId === null,
  sections: ({ definition }) => definition.sections,
};

export const ReportSectionFilter: ReportSectionFilterResolvers = {};

export const ReportPreview: ReportPreviewResolvers = {};

export const ReportPreviewSection: ReportPreviewSectionResolvers = {
  rows: ({ rows }) => rows.map((cells) => ({ cells })),
  totals: ({ totals }) => totals.map((cells) => ({ cells })),
};
