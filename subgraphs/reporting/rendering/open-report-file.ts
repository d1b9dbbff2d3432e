import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { FileAnswer, FileRequest } from '#kit/file-answer.js';
import { presentationOf } from '#reporting/branding/presentation.js';
import type { Context, ServiceContext } from '#reporting/context.js';
import type { Manifest } from '#reporting/dataset/dataset.js';
import { openDataset, type StoredDataset } from '#reporting/dataset/open-dataset.js';
import type { Report } from '#reporting/entities/report.js';
import { permissions } from '#reporting/permissions.js';
import { requireOffered } from '#reporting/shares/require-offered.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { AppError, Conflict, InvalidInput, NotFound, ServiceUnavailable } from '#runtime/errors.js';
import { judge } from '#runtime/identity/judge.js';
import { fileNameOf } from './file-name.js';
import { renderHostOf } from './render-host.js';
import { type Excel, type Format, formats, type Presentation } from './renderer.js';
import { fileFormatOf } from './renderers.js';

/** Most reports take seconds. */
const NOT_READY_SECONDS = 5;
const PARAMETERS = ['id', 'format', 'for', 'locale', 'section'];

/** Returns how spreadsheets of a locale read CSV: where the decimal mark is a comma, the separator is a semicolon. */
function excelOf(locale: string): Excel {
  const [decimal] = new Intl.NumberFormat(locale, { numberingSystem: 'latn' })
    .formatToParts(1.5)
    .filter(({ type }) => type === 'decimal');
  return decimal?.value === ',' ? { separator: ';', decimalMark: ',' } : { separator: ',', decimalMark: '.' };
}

const wrong = (argument: string, problem: string) => new InvalidInput([{ argument, problem }]);

function readLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? locale;
  } catch {
    throw wrong('locale', 'must be a language tag such as de-DE');
  }
}

/** Returns how a CSV file is asked for. Throws InvalidInput. */
function readDialect(
  { format, for: program, locale, section }: Record<string, string>,
  { language, sections }: Manifest,
): Pick<Presentation, 'excel' | 'section'> {
  const given = Object.entries({ for: program, locale, section }).find(([, value]) => value !== undefined);
  if (given && format !== 'csv') throw wrong(given[0], 'is for CSV files only');
  if (program !== undefined && program !== 'excel') throw wrong('for', 'must be excel');
  if (locale !== undefined && program === undefined) throw wrong('locale', 'is for files with for=excel only');
  const ids = sections.map(({ id }) => id);
  if (section !== undefined && !ids.includes(section)) throw wrong('section', `must be one of ${ids.join(', ')}`);
  return {
    ...(program !== undefined && { excel: excelOf(locale === undefined ? language : readLocale(locale)) }),
    ...(section !== undefined && { section }),
  };
}

/** Returns a tag that is another one whenever the bytes of the file are. */
function tagOf({ manifest }: StoredDataset, format: Format, { branding, ...presentation }: Presentation): string {
  const { logo, ...look } = branding;
  const picture = logo && createHash('sha256').update(logo.png).digest('hex');
  // A CSV file does not show how an organization presents itself.
  const parts = format === 'csv' ? presentation : { ...presentation, ...look, picture };
  const text = JSON.stringify([manifest.reportId, manifest.hash, manifest.generatedAt, format, parts]);
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
}

/** Returns the data of a report. Throws Conflict until it is READY. */
async function openReady(context: ServiceContext, { id, status }: Report): Promise<StoredDataset> {
  if (status === 'FAILED') throw new Conflict('This report failed: order it again.');
  if (status === 'CANCELLED') throw new Conflict('This report was cancelled: order it again.');
  if (status === 'EXPIRED') throw new Conflict('The files of this report are kept no longer: order it again.');
  const dataset = status === 'READY' ? await openDataset(context, { reportId: id }) : null;
  if (dataset) return dataset;
  const message = `This report is not ready: wait ${NOT_READY_SECONDS} seconds.`;
  throw new Conflict(message, { retryAfter: NOT_READY_SECONDS });
}

/** A file of a report, ready to be rendered. */
export interface ReportFileFacts extends Pick<FileAnswer, 'name' | 'type' | 'etag'> {
  /** Renders it: see `RenderHost.render`. */
  render(signal: AbortSignal): Promise<Readable>;
}

/**
 * Returns a file of a report that its caller may see: `parameters` are the format, and `for`, `locale` and `section` of CSV. Throws
 * Conflict until it is READY, NotFound for an unknown format, InvalidInput.
 */
export async function reportFile(
  context: ServiceContext,
  { report, parameters }: { report: Report; parameters: { format: string } & Record<string, string> },
): Promise<ReportFileFacts> {
  const fileFormat = fileFormatOf(parameters.format);
  if (!fileFormat) throw unknownFormat();
  const format = parameters.format as Format;
  const dataset = await openReady(context, report);
  const { organizationId, clientIds } = report;
  const { manifest } = dataset;
  const shown = await presentationOf(context, { organizationId, clientIds, manifest });
  const presentation = { ...shown, ...readDialect(parameters, manifest) };
  return {
    name: fileNameOf(report.title, format),
    type: fileFormat.type,
    etag: tagOf(dataset, format, presentation),
    render: (signal) => renderHostOf(context.services).render({ dataset, format, presentation, signal }),
  };
}

function unknownFormat(): AppError {
  const known = formats.map((format) => `.${format}`).join(', ');
  return new AppError(`Reports are downloaded as ${known}: there is no other format.`, 'NOT_FOUND');
}

/** Records the download of a file in the audit trail. */
async function recordDownload({ database, identity }: ServiceContext, report: Report, format: string): Promise<void> {
  const { id, organizationId } = report;
  await database.transaction((manager) =>
    recordAudit(manager, identity, {
      organizationId,
      action: 'report.downloaded',
      target: { type: 'Report', id },
      after: { format },
    }),
  );
}

/**
 * Opens a file of a report for its caller: a download that is recorded, or only the facts. Throws what the rule of reports throws,
 * NotFound, Conflict until it is READY, InvalidInput, and ServiceUnavailable when too many files are being rendered.
 */
export async function openReportFile(
  context: Context,
  { parameters, knownTags = [], isHead }: FileRequest,
  signal: AbortSignal,
): Promise<FileAnswer> {
  const { identity, services, reportById } = context;
  const { id = '', format = '' } = parameters;
  const isShared = identity.kind === 'share';
  const verdict = isShared || mayRead(context);
  if (verdict !== true) throw verdict;
  if (!fileFormatOf(format)) throw unknownFormat();
  if (isShared) await requireOffered(context, { reportId: id, format });
  const unknown = Object.keys(parameters).find((name) => !PARAMETERS.includes(name));
  if (unknown) throw wrong(unknown, `must be one of ${PARAMETERS.slice(2).join(', ')}`);
  const report = await reportById.load(id);
  if (!report) throw new NotFound('report');
  const { render, ...facts } = await reportFile(context, { report, parameters: { ...parameters, format } });
  const isKnown = knownTags.includes(facts.etag) || knownTags.includes('*');
  if (isKnown || isHead) return { ...facts, body: null, isKnown };
  const body = await render(signal).catch((error: unknown) => {
    // A client that is gone reads no answer, and that is no failure.
    throw signal.aborted ? new ServiceUnavailable() : error;
  });
  body.on('error', (error) => {
    if (signal.aborted) return;
    services.logger.error(
      { err: error, reportId: id, format, requestId: identity.requestId },
      'File of a report broke off',
    );
  });
  try {
    // A download that cannot be recorded is refused.
    await recordDownload(context, report, format);
  } catch (error) {
    body.destroy();
    throw error;
  }
  return { ...facts, body, isKnown };
}

function mayRead({ identity }: ServiceContext): true | AppError {
  const rule = permissions.Query.report;
  return rule ? judge(rule.needs, identity) : new NotFound('report');
}
