import type { ServiceContext } from '#reporting/context.js';
import type { Cell, FigureKind, Row, SectionSource } from '#reporting/dataset/dataset.js';
import { worstSources } from '#reporting/dataset/sources.js';
import { MAX_ROWS, type SectionDefinition } from '#reporting/templates/definition.js';
import { type Answered, type ReadColumn, rowOf } from '#reporting/templates/section-columns.js';
import { type Caller, GraphRequestFailed } from '#runtime/http/graph-client.js';
import { type AnsweredPage, type Covered, pageOf, type Question, questionsOf } from './section-question.js';
import { sourcesOf } from './section-sources.js';

const PAGE_ROWS = 1_000;
const MAX_RESTARTS = 3;

/** Figures changed between two pages, each time a section was read. */
class FiguresChange extends Error {
  override name = 'FiguresChange';
}

/** What a section is read for. */
export interface SectionReading {
  section: SectionDefinition;
  columns: ReadColumn[];
  covered: Covered;
  caller: Caller;
  /** Names by account id. */
  providers: ReadonlyMap<string, string>;
  /** At most so many rows, besides the limit of the section; for previews. */
  maxRows?: number;
  /** Called with the sources of the first page, before any row. May throw. */
  onSources(sources: SectionSource[]): void;
  /** Called with each page of rows and the share of the section that is read by then. */
  onRows(rows: Row[], share: number): Promise<void>;
  /** Called before the section is read again, as its figures changed between two pages: the rows given so far are void. */
  onRestart(): Promise<void>;
}

/** What a section says besides its rows. */
export interface ReadSection {
  totals: Cell[][];
  totalCount: number;
  sources: SectionSource[];
  conversion: Answered | null;
}

async function readPage(
  { services }: ServiceContext,
  { section, caller }: SectionReading,
  question: Question,
  page: { first: number; after: string | null },
): Promise<AnsweredPage> {
  const variables = section.kind === 'ACCOUNTS' ? question.variables : { ...question.variables, ...page };
  const data = await services.graph.query<unknown>({ query: question.query, variables }, caller);
  return pageOf(section.kind as FigureKind, data);
}

/** Totals and counts of a question are the same on each of its pages, unless figures arrived or were corrected between them. */
const factsOf = ({ totalCount, totals }: AnsweredPage) => JSON.stringify([totalCount, totals]);

async function readOnce(context: ServiceContext, reading: SectionReading): Promise<ReadSection> {
  const { section, columns, covered, providers, maxRows = MAX_ROWS, onSources, onRows } = reading;
  const questions = questionsOf(section, covered);
  const limit = Math.min(section.limit ?? MAX_ROWS, maxRows);
  const read: ReadSection = { totals: [], totalCount: 0, sources: [], conversion: null };
  let rowCount = 0;
  for (const [index, question] of questions.entries()) {
    let first: AnsweredPage | undefined;
    let after: string | null = null;
    let rowsOfQuestion = 0;
    do {
      const size = Math.max(1, Math.min(PAGE_ROWS, limit - rowCount));
      const page: AnsweredPage = await readPage(context, reading, question, { first: size, after });
      if (!first) {
        first = page;
        read.totals.push(...page.totals.map((total) => [...rowOf(columns, total)]));
        read.totalCount += page.totalCount;
        read.sources = worstSources([...read.sources, ...sourcesOf(page, providers)]);
        read.conversion ??= page.conversion;
        onSources(read.sources);
        checkCount(section, read.totalCount, maxRows);
      } else if (factsOf(page) !== factsOf(first)) {
        throw new FiguresChange('The figures of a section change while they are read.');
      }
      const rows = page.rows.slice(0, Math.max(0, limit - rowCount)).map((row) => rowOf(columns, row));
      rowCount += rows.length;
      rowsOfQuestion += rows.length;
      const expected = Math.min(limit, page.totalCount);
      await onRows(rows, (index + (expected > 0 ? Math.min(1, rowsOfQuestion / expected) : 1)) / questions.length);
      after = page.hasNextPage && rowCount < limit ? page.endCursor : null;
    } while (after !== null);
    if (rowCount < limit && rowsOfQuestion !== first.totalCount) {
      throw new FiguresChange(`A section has ${rowsOfQuestion} of ${first.totalCount} rows.`);
    }
  }
  return read;
}

function checkCount({ limit, kind }: SectionDefinition, totalCount: number, maxRows: number): void {
  if (limit !== null || maxRows < MAX_ROWS || totalCount <= MAX_ROWS) return;
  const words = `A section ${kind} has ${totalCount} rows, more than ${MAX_ROWS}: give it a limit, or fewer dimensions.`;
  throw new GraphRequestFailed(words, 'BAD_USER_INPUT');
}

/**
 * Reads a section page by page. When its figures change between two pages it is read again, up to three times: so all its rows are of one
 * state. Throws what the graph answers, and what the callbacks throw.
 */
export async function readSection(context: ServiceContext, reading: SectionReading): Promise<ReadSection> {
  for (let restarts = 0; ; restarts += 1) {
    try {
      return await readOnce(context, reading);
    } catch (error) {
      if (!(error instanceof FiguresChange) || restarts >= MAX_RESTARTS) throw error;
      await reading.onRestart();
    }
  }
}
