import type { Context } from '#reporting/context.js';
import type { ReportModel } from '#reporting/models.js';
import { reportDownloadUrl } from '#reporting/rendering/download-url.js';
import type { Format } from '#reporting/rendering/renderer.js';
import type {
  ReportColumnResolvers,
  ReportResolvers,
  ReportSectionResolvers,
  ReportSourceResolvers,
} from '#reporting/resolver-types.js';
import { listReportRows } from '#reporting/services/list-reports.js';
import { columnsOf } from '#reporting/templates/section-columns.js';
import { textsOf } from '#reporting/texts/texts.js';
import { NotFound } from '#runtime/errors.js';
import { sharesOfReport } from './share.js';

const datasetOf = ({ id, status }: ReportModel, { datasetById }: Context) =>
  status === 'READY' ? datasetById.load(id) : null;

export const Report: ReportResolvers = {
  __resolveReference: ({ id }, { reportById }) => reportById.load(id),
  failure: ({ failureCode: code, failureMessage: message }) => (code && message ? { code, message } : null),
  currentSection: ({ step, stepSection, definition, language }) => {
    const section = step === 'READING' && stepSection !== null ? definition.sections[stepSection] : undefined;
    if (!section) return null;
    const columns = columnsOf(section, { isCompared: false }).map(({ column }) => column);
    return textsOf(language).titleOf({ ...section, columns });
  },
  waiting: ({ status, waitingCode: code, waitingMessage: message, waitingSince: since, retryAt }) =>
    status === 'WAITING' && code && message && since && retryAt ? { code, message, since, retryAt } : null,
  template: async ({ templateId }, _args, { reportTemplateById }) => {
    const template = await reportTemplateById.load(templateId);
    if (!template) throw new NotFound('report template');
    return template;
  },
  range: ({ rangeStart, rangeEnd }) => ({ start: rangeStart, end: rangeEnd }),
  compared: ({ comparedStart: start, comparedEnd: end }) => (start && end ? { start, end } : null),
  clients: ({ clientIds }) => clientIds.map((id) => ({ id })),
  unavailableAccounts: ({ unavailableAccounts }) =>
    unavailableAccounts.map(({ accountId, ...account }) => ({ ...account, account: { id: accountId } })),
  createdBy: ({ createdBy }, _args, { identity: { userId, clientIds } }) =>
    createdBy && (!clientIds || createdBy === userId) ? { id: createdBy } : null,
  summary: async (report, _args, context) => (await datasetOf(report, context))?.manifest.summary ?? null,
  hash: async (report, _args, context) => (await datasetOf(report, context))?.manifest.hash ?? null,
  sections: async (report, _args, context) => {
    const dataset = await datasetOf(report, context);
    return dataset ? dataset.manifest.sections.map((section) => ({ section, dataset })) : null;
  },
  rows: async (report, { section: key, ...page }, context) => {
    const dataset = await datasetOf(report, context);
    if (!dataset) return null;
    const section = dataset.manifest.sections.find((one) => one.id === key);
    if (!section) throw new NotFound('section of this report');
    return listReportRows({ section, dataset }, page);
  },
  shares: sharesOfReport,
  downloadUrl: (report, { format = 'CSV' }, context) =>
    reportDownloadUrl(context, { report, format: format.toLowerCase() as Format }),
};

export const ReportSection: ReportSectionResolvers = {
  key: ({ section }) => section.id,
  kind: ({ section }) => section.kind,
  title: ({ section, dataset }) => textsOf(dataset.manifest.language).titleOf(section),
  text: ({ section }) => section.text,
  range: ({ section }) => section.range,
  compared: ({ section }) => section.compared,
  columns: ({ section, dataset: { manifest } }) =>
    section.columns.map((column) => ({ column, language: manifest.language })),
  charts: ({ section }) => section.charts,
  tiles: ({ section }) => section.show.tiles,
  table: ({ section }) => section.show.table,
  rowCount: ({ section }) => section.rowCount,
  totalCount: ({ section }) => section.totalCount,
  totals: ({ section }) => section.totals.map((cells) => ({ cells })),
  controlTotals: ({ section }) => section.controlTotals,
  sources: ({ section }) => section.sources,
  hash: ({ section }) => section.hash,
  rows: (section, page) => listReportRows(section, page),
};

export const ReportColumn: ReportColumnResolvers = {
  key: ({ column }) => column.key,
  title: ({ column, language }) => textsOf(language).heading(column),
  kind: ({ column }) => column.kind,
  role: ({ column }) => column.role,
  metric: ({ column }) => column.metric,
  isSummable: ({ column }) => column.isSummable,
};

export const ReportSource: ReportSourceResolvers = {
  account: ({ accountId: id }) => ({ id }),
  name: ({ account }) => account,
};
