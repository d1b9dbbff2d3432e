import { groupBy } from 'es-toolkit/array';
import { once } from 'es-toolkit/function';
import type { Context } from '#integrations/context.js';
import type { FoundPerformance, FoundRow } from './found-performance.js';
import { breakdownOf, type PerformanceQuestion } from './performance-question.js';
import { dayOffset, performanceStatement } from './performance-statement.js';

/** What a question finds. */
export interface Found {
  /** The page: one more than asked for, when there are more. */
  rows: FoundRow[];
  /** Everything, which is read for a page after the first only when it is asked for. */
  all(): Promise<FoundPerformance>;
}

/** How many units of time the first statement of a page reads, and how many times more each that follows. */
const FIRST_UNITS = 1;
const GROWTH = 8;

async function read(context: Context, question: PerformanceQuestion): Promise<FoundPerformance> {
  const { text, values } = performanceStatement(question);
  const [found] = await context.laggingReads.query<[FoundPerformance]>(text, values);
  context.usage.rowsRead += found.daysRead;
  return found;
}

/**
 * Returns the units of time, each with its days, from that of the row on after which a page begins; undefined where rows of a page are not
 * those of the units that come next.
 */
function unitsLeft({ units, order, compared, dimensions, after }: PerformanceQuestion) {
  const [value = null] = after ?? [];
  if (!units || order || compared || breakdownOf(dimensions) || value === null) return undefined;
  const left = units.current.filter(({ unit }) => dayOffset(unit) >= Number(value));
  return Object.values(groupBy(left, ({ unit }) => unit));
}

/** Reads the units of time of a page alone: all days of a long range take as long for each of its pages. */
async function readPage(
  context: Context,
  question: PerformanceQuestion,
  units: { day: string; unit: string }[][],
): Promise<FoundRow[]> {
  const rows: FoundRow[] = [];
  let at = 0;
  for (let count = FIRST_UNITS; at < units.length && rows.length <= question.first; count *= GROWTH) {
    const current = units.slice(at, at + count).flat();
    at += count;
    const [first, last] = [current.at(0), current.at(-1)];
    if (!first || !last) break;
    const found = await read(context, {
      ...question,
      range: { start: first.day, end: last.day },
      units: { current, previous: [] },
      first: question.first - rows.length,
    });
    rows.push(...found.rows);
  }
  return rows;
}

/** Returns what a question finds. */
export async function findPerformance(context: Context, question: PerformanceQuestion): Promise<Found> {
  const units = unitsLeft(question);
  if (units) return { rows: await readPage(context, question, units), all: once(() => read(context, question)) };
  const found = await read(context, question);
  return { rows: found.rows, all: async () => found };
}
