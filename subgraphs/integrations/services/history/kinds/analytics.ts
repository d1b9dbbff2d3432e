import Big from 'big.js';
import { countDays, type DayRange, daysOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { AnalyticsQuality, AnalyticsReport } from '#integrations/providers/products.js';
import { askAll, type CopiedKind, type DayMarks } from './copied-kind.js';

/**
 * The metrics that are copied: those that add up over days, and the average duration of sessions, whose sum is its product with
 * sessions. Counts of users do not add up. At most ten, as Google takes.
 */
export const copiedMetrics = [
  'sessions',
  'engagedSessions',
  'newUsers',
  'screenPageViews',
  'eventCount',
  'keyEvents',
  'transactions',
  'totalRevenue',
  'userEngagementDuration',
  'averageSessionDuration',
] as const;

/** The columns of `copiedMetrics`, in their order. */
export const analyticsColumns = [
  'sessions',
  'engaged_sessions',
  'new_users',
  'views',
  'events',
  'key_events',
  'transactions',
  'revenue',
  'engagement_seconds',
  'session_seconds',
] as const;

/** The dimensions that are copied, one at a time, in Google's words; '' = the whole property. */
export const copiedAnalyticsDimensions = [
  '',
  'sessionDefaultChannelGroup',
  'sessionSourceMedium',
  'sessionCampaignName',
  'deviceCategory',
  'country',
  'landingPage',
  'eventName',
] as const;

const DAYS_PER_CALL = 30;
/** Most rows of a dimension a day, on average over a call: about 100 MB a year for a large property. */
const ROWS_PER_DAY = 500;

/** Returns the figures of `analyticsColumns` from the values of `copiedMetrics`. */
export function analyticsFigures(values: string[]): string[] {
  const [sessions = '0'] = values;
  const figures = copiedMetrics.map((_name, index) => values[index] ?? '0');
  const average = figures.length - 1;
  figures[average] = new Big(figures[average] ?? '0').times(sessions).round(6).toFixed();
  return figures;
}

/** Returns the day of a value of Google's dimension `date`: `20261101`. */
export const dayOfDate = (date: string): string => `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`;

/** Returns what is to be known of the quality of figures, by name. */
export const qualityMarks = ({ isSampled, isThresholded, hasOtherRow }: AnalyticsQuality): string[] => [
  ...(isSampled ? ['SAMPLED'] : []),
  ...(isThresholded ? ['THRESHOLDED'] : []),
  ...(hasOtherRow ? ['OTHER_ROW'] : []),
];

interface DimensionReport {
  dimension: string;
  report: AnalyticsReport;
}

async function readReports(context: Context, { account, range }: { account: Account; range: DayRange }) {
  const most = countDays(range.start, range.end) * ROWS_PER_DAY;
  const questions = copiedAnalyticsDimensions.map((dimension) => ({
    product: 'analytics' as const,
    account,
    range,
    dimensions: dimension === '' ? ['date'] : ['date', dimension],
    metrics: [...copiedMetrics],
    offset: 0,
    limit: most,
  }));
  const reports = await askAll(context, questions);
  const found = reports.map((report, index) => ({ dimension: copiedAnalyticsDimensions[index] ?? '', report }));
  const incomplete = found.filter(({ report }) => report.rowCount > most).map(({ dimension }) => dimension);
  const quality = [...new Set(found.flatMap(({ report }) => qualityMarks(report.quality)))];
  return {
    figures: found.filter(({ dimension }) => !incomplete.includes(dimension)),
    unreadable: found.flatMap(({ report }) =>
      report.unreadable.map((row) => ({ ...row, day: dayOfDate(row.row.split(' · ')[0] ?? '') })),
    ),
    marks: new Map<string, DayMarks>(daysOf(range).map((day) => [day, { incomplete, quality }])),
  };
}

/** The additive figures of properties by day, and by day and one dimension. */
export const analytics: CopiedKind<DimensionReport[]> = {
  tables: ['analytics_metrics'],
  needsCurrency: true,

  prepare: async () => ({ daysPerCall: DAYS_PER_CALL }),

  read: readReports,

  async write(manager, { history: { accountId, organizationId }, days, figures }) {
    await manager.query(
      'DELETE FROM integrations.analytics_metrics WHERE organization_id = $1 AND account_id = $2 AND day = ANY($3::date[])',
      [organizationId, accountId, [...days]],
    );
    const rows = figures.flatMap(({ dimension, report }) =>
      report.rows.flatMap(({ dimensions: [date = '', value = ''], metrics }) => {
        const day = dayOfDate(date);
        return days.has(day) ? [{ dimension, day, value, figures: analyticsFigures(metrics) }] : [];
      }),
    );
    const types = analyticsColumns.map((_name, index) => `$${index + 6}::numeric[]`).join(', ');
    await manager.query(
      `INSERT INTO integrations.analytics_metrics
         (organization_id, account_id, dimension, day, value, ${analyticsColumns.join(', ')})
       SELECT $1, $2, reported.* FROM unnest($3::text[], $4::date[], $5::text[], ${types}) AS reported`,
      [
        organizationId,
        accountId,
        rows.map(({ dimension }) => dimension),
        rows.map(({ day }) => day),
        rows.map(({ value }) => value),
        ...analyticsColumns.map((_name, index) => rows.map((row) => row.figures[index])),
      ],
    );
  },
};
