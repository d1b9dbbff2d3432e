import { countDays, type DayRange, dayIn, firstOf } from '#integrations/calendar-day.js';
import type { TimeUnit } from '#integrations/compared-days.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import { describeProviderById } from '#integrations/providers/index.js';
import { type Breakdown, type BreakdownRow, currencyOf } from '#integrations/providers/products.js';
import { completeSource, missingSource } from '#integrations/services/figures/completeness.js';
import type { FigureDays } from '#integrations/services/figures/figure-days.js';
import { faultOfAccount } from '#integrations/services/health/diagnose.js';
import { restatedDaysOf } from '#integrations/services/history/refresh-history.js';
import { refusal } from '#integrations/services/shared/refusal.js';
import { AppError } from '#runtime/errors.js';
import { askedFigures } from './asked-figures.js';
import type { AskedDay, Dimension } from './performance-question.js';
import { listUnknown, type ReadSource } from './read-sources.js';

/** A question by campaign and day has a row for each of them and each value. */
const MAX_CAMPAIGN_DAYS = 92;

/** Throws InvalidInput for two breakdowns, and where one of the accounts' providers has none. */
export function checkBreakdowns({ providers }: Context, groupBy: readonly Dimension[], accounts: Account[]): void {
  const wanted = (['DEVICE', 'COUNTRY'] as const).filter((one) => groupBy.includes(one));
  if (wanted.length > 1) throw refusal('groupBy', 'must have one of DEVICE and COUNTRY only');
  const lacking = (by: Breakdown) =>
    [...new Set(accounts.map(({ providerId }) => providerId))]
      .filter((id) => !providers.find(id)?.breakdowns?.includes(by))
      .map((id) => describeProviderById(id).name);
  for (const by of wanted) {
    const names = lacking(by);
    if (names.length > 0) {
      throw refusal('groupBy', `has ${by}, which ${names.join(' and ')} does not report: filter other providers`);
    }
  }
}

/** What figures are broken down by, and how finely. */
export interface BreakdownQuestion extends FigureDays {
  by: Breakdown;
  timeUnit: TimeUnit | undefined;
  /** Whether amounts are converted, which is done by day. */
  isConverted: boolean;
  needsCampaigns: boolean;
}

function unitOf({ timeUnit, isConverted }: BreakdownQuestion): 'ALL' | 'DAY' | 'MONTH' {
  if (isConverted || timeUnit === 'DAY' || timeUnit === 'WEEK') return 'DAY';
  return timeUnit ?? 'ALL';
}

function askedRows(account: Account, rows: BreakdownRow[], isPrevious: boolean): AskedDay[] {
  return rows.map(({ campaignId, day, value, metrics }) => ({
    accountId: account.id,
    campaignId: campaignId ?? '',
    day,
    ...askedFigures(metrics, currencyOf(account)),
    segment: value,
    isPrevious,
  }));
}

/** The days of a range up to today; undefined = it begins later. */
function begunDays(account: Account, { start, end }: DayRange, now: Date): DayRange | undefined {
  const today = dayIn(account.timeZone, now);
  return start > today ? undefined : { start, end: firstOf(end, today) };
}

async function readAccount(context: Context, account: Account, question: BreakdownQuestion): Promise<ReadSource> {
  const { range, compared, by, needsCampaigns } = question;
  const wanted = [
    { days: begunDays(account, range, context.services.now()), isPrevious: false },
    { days: compared && begunDays(account, compared, context.services.now()), isPrevious: true },
  ].flatMap(({ days, isPrevious }) => (days ? [{ days, isPrevious }] : []));
  const gaps = wanted.map(({ days }) => days);
  const nothing = { account, gaps: [], asked: [], listed: [] };
  const closed = account.isActive ? null : faultOfAccount(account);
  if (closed && gaps.length > 0) return { ...nothing, completeness: missingSource(account, { range, gaps }, closed) };
  try {
    const answers = await context.pendingAnswers.add(
      account.connectionId,
      Promise.all(
        wanted.map(async ({ days, isPrevious }) => {
          const parameters = { by, unit: unitOf(question), isByCampaign: needsCampaigns };
          const answer = await context.loadAnswer({ product: 'breakdown', account, range: days, ...parameters });
          return answer ? [{ answer, isPrevious }] : [];
        }),
      ),
    );
    const found = answers.flat();
    const asked = found.flatMap(({ answer, isPrevious }) => askedRows(account, answer.found.rows, isPrevious));
    const listed = needsCampaigns ? await listUnknown(context, account, asked, gaps[0]) : [];
    const history = context.providers.find(account.providerId)?.history;
    const completeness = await completeSource(context, account, range, {
      found: found.map(({ answer }) => answer),
      copiedAt: [],
      restatedDays: history ? restatedDaysOf(account, history) : null,
    });
    return { ...nothing, asked, listed, completeness };
  } catch (error) {
    // A defect of ours.
    if (!(error instanceof AppError)) throw error;
    return { ...nothing, completeness: missingSource(account, { range, gaps }, error) };
  }
}

/**
 * Returns the figures of accounts by device or country, from their providers: they are not copied. What a provider cannot answer
 * is missing, and said to be. Throws InvalidInput for more than can be asked.
 */
export function readBreakdown(
  context: Context,
  { accounts, ...question }: BreakdownQuestion & { accounts: Account[] },
): Promise<ReadSource[]> {
  const { range, compared, needsCampaigns, by } = question;
  const isFine = needsCampaigns && unitOf(question) === 'DAY';
  if (isFine && [range, compared].some((days) => days && countDays(days.start, days.end) > MAX_CAMPAIGN_DAYS)) {
    throw refusal(
      'range',
      `must not be longer than ${MAX_CAMPAIGN_DAYS} days for ${by} by campaign and by day or week, or in another currency`,
    );
  }
  return Promise.all(accounts.map((account) => readAccount(context, account, question)));
}
