import { NotFound } from '../../../ops/runtime/errors.js';
import type { ReportResolvers } from '../resolver-types.js';
import { listReportRows } from '../services/list-report-rows.js';
import { reportDownloadUrl } from '../services/report-download-url.js';

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
  rows: (report, page, { database }) => listReportRows(database, report, page),
  downloadUrl: (report, _args, { runtime }) => reportDownloadUrl(runtime, report),
};
