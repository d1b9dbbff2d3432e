import type { Context } from '#reporting/context.js';
import type { Days, Language, Row, SectionSource } from '#reporting/dataset/dataset.js';
import { callerFor } from '#reporting/making/graph.js';
import { type Order, prepareReport } from '#reporting/making/order-report.js';
import { readSection } from '#reporting/making/read-section.js';
import { type Covered, coveredBy } from '#reporting/making/section-question.js';
import type { ReportPreviewSectionModel } from '#reporting/models.js';
import { checkDefinition } from '#reporting/templates/check-definition.js';
import type { SectionDefinition } from '#reporting/templates/definition.js';
import { columnsOf, sectionIds } from '#reporting/templates/section-columns.js';
import { textsOf } from '#reporting/texts/texts.js';
import { AppError, type ErrorCode, InvalidInput, Unauthenticated } from '#runtime/errors.js';
import { GraphRequestFailed } from '#runtime/http/graph-client.js';

const MAX_ROWS = 50;
const SECTIONS_AT_ONCE = 3;
const DEFAULT_TEMPLATE = 'performance-overview';

export interface PreviewReportInput
  extends Omit<Order, 'organizationId' | 'templateId' | 'onUnavailable' | 'idempotencyKey'> {
  templateId?: string | null;
  definition?: unknown;
  rows: number;
}

interface Preview {
  title: string;
  range: Days;
  compared: Days | null;
  sections: ReportPreviewSectionModel[];
}

interface Asked {
  section: SectionDefinition;
  key: string;
  covered: Covered;
  language: Language;
  organizationId: string;
  rows: number;
}

async function previewSection(context: Context, asked: Asked): Promise<ReportPreviewSectionModel> {
  const { section, key, covered, language, organizationId } = asked;
  const columns = columnsOf(section, { isCompared: covered.compared !== null });
  const { kind, text } = section;
  const shown = {
    key,
    kind,
    title: textsOf(language).titleOf({ ...section, columns: columns.map(({ column }) => column) }),
    text,
    columns: columns.map(({ column }) => ({ column, language })),
  };
  if (kind === 'TEXT') return { ...shown, rows: [], totals: [], totalCount: 0, missing: [] };
  const rows: Row[] = [];
  const sources: SectionSource[] = [];
  const { totals, totalCount } = await readSection(context, {
    section,
    columns,
    covered,
    caller: callerFor(organizationId, 'report-preview'),
    providers: new Map(),
    maxRows: asked.rows,
    onSources: (found) => void sources.splice(0, sources.length, ...found),
    onRows: async (read) => void rows.push(...read),
    onRestart: async () => void rows.splice(0),
  });
  const missing = sources.filter(({ state }) => state === 'MISSING');
  return {
    ...shown,
    rows,
    totals,
    totalCount,
    missing: missing.map(({ account, message }) => `${account}: ${message ?? ''}`),
  };
}

/** Returns the first rows of each section of a report, as of now; nothing is stored. Throws as `prepareReport`, and what the graph refuses. */
export async function previewReport(
  context: Context,
  { templateId, definition: given, rows, ...order }: PreviewReportInput,
): Promise<Preview> {
  const { organizationId } = context.identity;
  if (!organizationId) throw new Unauthenticated();
  if (rows < 1 || rows > MAX_ROWS) throw new InvalidInput([{ argument: 'rows', problem: `must be 1 to ${MAX_ROWS}` }]);
  if (templateId && given)
    throw new InvalidInput([{ argument: 'definition', problem: 'and "templateId" must not be given both' }]);
  const definition = given ? checkDefinition(given) : null;
  const prepared = await prepareReport(context, {
    ...order,
    organizationId,
    templateId: templateId ?? DEFAULT_TEMPLATE,
  });
  const { title, language } = prepared;
  const covered = coveredBy(prepared);
  const { sections } = definition ?? prepared.definition;
  const keys = sectionIds(sections);
  const read: ReportPreviewSectionModel[] = [];
  try {
    for (let start = 0; start < sections.length; start += SECTIONS_AT_ONCE) {
      const batch = sections.slice(start, start + SECTIONS_AT_ONCE).map((section, index) => {
        const key = keys[start + index] as string;
        return previewSection(context, { section, key, covered, language, organizationId, rows });
      });
      read.push(...(await Promise.all(batch)));
    }
  } catch (error) {
    if (error instanceof GraphRequestFailed)
      throw new AppError(error.message, error.code as ErrorCode, { cause: error });
    throw error;
  }
  const { range, compared } = covered;
  return { title, range, compared, sections: read };
}
