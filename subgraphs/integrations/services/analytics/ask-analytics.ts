import { Temporal } from 'temporal-polyfill';
import { type DayRange, lastOf } from '#integrations/calendar-day.js';
import type { TimeUnit } from '#integrations/compared-days.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { AnalyticsReport, UnreadableRow } from '#integrations/providers/products.js';
import { settleAll } from '#integrations/services/ask/settle-all.js';
import type { AskedAnswer } from '#integrations/services/figures/breakdown-sources.js';
import {
  analyticsColumns,
  analyticsFigures,
  copiedMetrics,
  dayOfDate,
  qualityMarks,
} from '#integrations/services/history/kinds/analytics.js';
import type { AnalyticsNames } from './analytics-shape.js';

/** Most rows that are read of a property; more would take too much memory. */
export const MAX_ROWS = 50_000;

export interface AnalyticsAnswer extends AskedAnswer {
  unreadable: UnreadableRow[];
  quality: string[];
  isTruncated: boolean;
}

/** Google's dimensions of units of time, and the first day of a value. */
const units: Record<TimeUnit, { name: string; firstDay: (value: string) => string }> = {
  DAY: { name: 'date', firstDay: dayOfDate },
  // The fourth of January is in the first week of a year.
  WEEK: {
    name: 'isoYearIsoWeek',
    firstDay: (value) => {
      const first = Temporal.PlainDate.from(`${value.slice(0, 4)}-01-04`);
      const weeks = Number(value.slice(4)) - 1;
      return first
        .subtract({ days: first.dayOfWeek - 1 })
        .add({ weeks })
        .toString();
    },
  },
  MONTH: { name: 'yearMonth', firstDay: (value) => `${value.slice(0, 4)}-${value.slice(4, 6)}-01` },
};

/** Returns the figures of the columns; null for those that were not asked. */
function figuresOf(asked: readonly string[], values: string[] | undefined): (string | null)[] {
  const readValue = (metric: string) => values?.[asked.indexOf(metric)] ?? '0';
  const figures = analyticsFigures(copiedMetrics.map(readValue));
  const isAsked = (metric: string) => asked.includes(metric);
  return analyticsColumns.map((_column, index) => {
    const metric = copiedMetrics[index] ?? '';
    const isKnown = isAsked(metric) && (metric !== 'averageSessionDuration' || isAsked('sessions'));
    return isKnown ? (figures[index] ?? null) : null;
  });
}

/**
 * Asks Google Analytics for the figures of a property over exactly a range, in two reports where there are further metrics: a
 * report has ten at most. Undefined where it is not asked.
 */
export async function askAnalytics(
  context: Context,
  account: Account,
  question: { range: DayRange; names: AnalyticsNames; unit: TimeUnit | undefined; leftOut: ReadonlySet<string> },
): Promise<AnalyticsAnswer | undefined> {
  const { range, names, unit, leftOut } = question;
  // Figures that add up are read by day, so that answers are shared; others by the very unit.
  const time = unit && units[names.metrics.length > 0 ? unit : 'DAY'];
  const dimensions = [...(time ? [time.name] : []), ...names.dimensions];
  const base = copiedMetrics.filter((metric) => !leftOut.has(metric));
  const metricLists = [base, names.metrics].filter((list) => list.length > 0);
  const loaded = await settleAll(
    metricLists.map((metrics) =>
      context.loadAnswer({
        product: 'analytics',
        account,
        range,
        dimensions,
        metrics: [...metrics],
        offset: 0,
        limit: MAX_ROWS,
      }),
    ),
  );
  const answers = loaded.flatMap((answer) => answer ?? []);
  if (answers.length < metricLists.length) return undefined;
  const reportOf = (list: readonly string[]) => answers[metricLists.indexOf(list as never)]?.found;
  const rowsOf = (report: AnalyticsReport | undefined) =>
    new Map((report?.rows ?? []).map((row) => [JSON.stringify(row.dimensions), row]));
  const [known, further] = [rowsOf(reportOf(base)), rowsOf(reportOf(names.metrics))];
  const oldest = Math.min(...answers.map(({ fetchedAt }) => fetchedAt.getTime()));
  return {
    fetchedAt: new Date(oldest),
    isStale: answers.some(({ isStale }) => isStale),
    unreadable: answers.flatMap(({ found }) => found.unreadable),
    quality: [...new Set(answers.flatMap(({ found }) => qualityMarks(found.quality)))],
    isTruncated: answers.some(({ found }) => found.rowCount > MAX_ROWS),
    rows: [...new Set([...known.keys(), ...further.keys()])].map((key) => {
      const row = known.get(key) ?? further.get(key);
      const [first = ''] = row?.dimensions ?? [];
      return {
        day: time ? lastOf(time.firstDay(first), range.start) : null,
        values: (row?.dimensions ?? []).slice(time ? 1 : 0),
        figures: [
          ...figuresOf(base, known.get(key)?.metrics),
          // Google leaves out rows of zeros.
          ...names.metrics.map((_name, index) => further.get(key)?.metrics[index] ?? '0'),
        ],
      };
    }),
  };
}
