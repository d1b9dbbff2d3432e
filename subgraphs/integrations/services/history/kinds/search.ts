import Big from 'big.js';
import { addDays, countDays, dayIn, daysOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { SearchCoverage, SearchRow, UnreadableRow } from '#integrations/providers/products.js';
import { ask, askAll, type CopiedKind, type DayMarks } from './copied-kind.js';

/** The dimensions that are copied, one at a time; '' = the whole site. */
const copiedSearchDimensions = ['', 'query', 'page', 'country', 'device'] as const;
export type CopiedSearchDimension = (typeof copiedSearchDimensions)[number];

const DAYS_PER_CALL = 10;
/**
 * Most rows of a dimension a day, on average over a call. Search Console keeps up to 50,000 a day and type of search; a
 * thousand cover all but large sites, and take about 100 MB a year.
 */
const ROWS_PER_DAY = 1_000;

/** Google reports within two or three days. */
const COVERAGE_DAYS = 14;

/** Returns the last day of a site that is reported, and the last that no longer changes. Throws the provider's error. */
export function coveredDays(coverage: SearchCoverage, today: string): { lastDay: string; lastFinalDay: string } {
  const { lastDay, firstIncompleteDay } = coverage;
  // Earlier days are reported, with results or without.
  const lastFinalDay = firstIncompleteDay
    ? addDays(firstIncompleteDay, -1)
    : (lastDay ?? addDays(today, -COVERAGE_DAYS));
  return { lastFinalDay, lastDay: lastDay ?? lastFinalDay };
}

/** Returns the question how far a site is reported, the same whatever the days in question. */
export const coverageQuestion = (account: Account, today: string) => ({
  product: 'searchCoverage' as const,
  account,
  range: { start: addDays(today, 1 - COVERAGE_DAYS), end: today },
});

/** Positions add up; averages do not. Search Console counts in whole positions. */
export const positionsOf = ({ position, impressions }: Pick<SearchRow, 'position' | 'impressions'>): string =>
  new Big(position).times(impressions).round(4).toFixed();

interface DimensionRows {
  dimension: CopiedSearchDimension;
  rows: SearchRow[];
}

/** The first key of a row is its day. */
const ofDay = (row: UnreadableRow): UnreadableRow => {
  const [day = ''] = row.row.split(' · ');
  return /^\d{4}-\d\d-\d\d$/.test(day) ? { ...row, day } : row;
};

async function readDays(
  context: Context,
  { account, range }: { account: Account; range: { start: string; end: string } },
) {
  const most = countDays(range.start, range.end) * ROWS_PER_DAY;
  const questions = copiedSearchDimensions.map((dimension) => ({
    product: 'searchQueries' as const,
    account,
    range,
    dimensions: dimension === '' ? ['date' as const] : ['date' as const, dimension],
    dataState: 'final' as const,
    limit: most + 1,
  }));
  const answers = await askAll(context, questions);
  const found = copiedSearchDimensions.map((dimension, index) => ({
    dimension,
    ...(answers[index] ?? { rows: [], unreadable: [] }),
  }));
  const incomplete = found.filter(({ rows }) => rows.length > most).map(({ dimension }) => dimension);
  return {
    figures: found.filter(({ rows }) => rows.length <= most),
    unreadable: found.flatMap(({ unreadable }) => unreadable.map(ofDay)),
    marks: new Map<string, DayMarks>(daysOf(range).map((day) => [day, { incomplete }])),
  };
}

/** The figures of sites by day, and by day and one dimension. Only days that no longer change are copied. */
export const search: CopiedKind<DimensionRows[]> = {
  tables: ['search_metrics'],
  needsCurrency: false,

  async prepare(context, { account }) {
    const today = dayIn(account.timeZone, context.services.now());
    const coverage = await ask(context, coverageQuestion(account, today));
    return { daysPerCall: DAYS_PER_CALL, through: coveredDays(coverage, today).lastFinalDay };
  },

  read: readDays,

  async write(manager, { history: { accountId, organizationId }, days, figures }) {
    await manager.query(
      'DELETE FROM integrations.search_metrics WHERE organization_id = $1 AND account_id = $2 AND day = ANY($3::date[])',
      [organizationId, accountId, [...days]],
    );
    const rows = figures.flatMap(({ dimension, rows: found }) =>
      found.flatMap(({ keys: [day = '', value = ''], ...row }) =>
        days.has(day) ? [{ dimension, day, value, ...row }] : [],
      ),
    );
    await manager.query(
      `INSERT INTO integrations.search_metrics
         (organization_id, account_id, dimension, day, value, clicks, impressions, positions)
       SELECT $1, $2, reported.* FROM unnest($3::text[], $4::date[], $5::text[], $6::bigint[], $7::bigint[], $8::numeric[])
         AS reported`,
      [
        organizationId,
        accountId,
        rows.map(({ dimension }) => dimension),
        rows.map(({ day }) => day),
        rows.map(({ value }) => value),
        rows.map(({ clicks }) => clicks),
        rows.map(({ impressions }) => impressions),
        rows.map(positionsOf),
      ],
    );
  },
};
