import type { ReportResolvers, ReportTemplateResolvers } from '#reporting/resolver-types.js';
import { listReportRows } from '#reporting/services/list-report-rows.js';
import { reportDownloadUrl } from '#reporting/services/report-download.js';
import { NotFound } from '#runtime/errors.js';

export const Report: ReportResolvers = {
  __resolveReference: ({ id }, { reportById }) => reportById.load(id),
  failure: ({ failureCode: code, failureMessage: message }) => (code && message ? { code, message } : null),
  template: async ({ templateId }, _args, { reportTemplateById }) => {
    const template = await reportTemplateById.load(templateId);
    if (!template) throw new NotFound('report template');
    return template;
  },
  range: ({ rangeStart, rangeEnd }) => ({ start: rangeStart, end: rangeEnd }),
  clients: ({ clientIds }) => clientIds.map((id) => ({ id })),
  createdBy: ({ createdBy }) => (createdBy ? { id: createdBy } : null),
  rows: (report, page, context) => listReportRows(context, { report, ...page }),
  downloadUrl: (report, _args, context) => reportDownloadUrl(context, report),
};

export const ReportTemplate: ReportTemplateResolvers = {
  __resolveReference: ({ id }, { reportTemplateById }) => reportTemplateById.load(id),
};
