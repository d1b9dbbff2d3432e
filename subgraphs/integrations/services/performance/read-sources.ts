import { type DayRange, dayIn, firstOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { FigureSourceModel } from '#integrations/models.js';
import type { CampaignDay, Rows } from '#integrations/providers/products.js';
import { currencyOf } from '#integrations/providers/products.js';
import type { Answer } from '#integrations/services/ask/question.js';
import { settleAll } from '#integrations/services/ask/settle-all.js';
import { findCopiedPart } from '#integrations/services/campaigns/read-campaigns.js';
import { completeSource, missingSource } from '#integrations/services/figures/completeness.js';
import type { FigureDays } from '#integrations/services/figures/figure-days.js';
import { faultOfAccount } from '#integrations/services/health/diagnose.js';
import { restatedDaysOf } from '#integrations/services/history/refresh-history.js';
import { AppError } from '#runtime/errors.js';
import { askedFigures } from './asked-figures.js';
import type { AskedDay, ListedCampaign, Source } from './performance-question.js';

/** An account with the days that are not copied, and how complete its figures are. */
export interface ReadSource extends Source {
  asked: AskedDay[];
  listed: ListedCampaign[];
  completeness: FigureSourceModel;
}

type Found = Answer<Rows<CampaignDay>>;

function askedDays(account: Account, answers: Found[]): AskedDay[] {
  const rows = answers.flatMap(({ found }) => found.rows);
  const days = rows.map(
    ({ externalId, day, metrics }): AskedDay => ({
      accountId: account.id,
      campaignId: externalId,
      day,
      ...askedFigures(metrics, currencyOf(account)),
    }),
  );
  // Gaps of two ranges may have days in common.
  return [...new Map(days.map((day) => [`${day.campaignId} ${day.day}`, day])).values()];
}

/** Returns the campaigns of asked days that were never copied, as listed now. */
export async function listUnknown(context: Context, account: Account, asked: AskedDay[], gap: DayRange | undefined) {
  if (!gap || asked.length === 0) return [];
  const known = await context.history.campaigns.load(account.id);
  if (asked.every(({ campaignId }) => known.has(campaignId))) return [];
  const answer = await context.loadAnswer({ product: 'campaigns', account, range: gap });
  return (answer?.found.rows ?? []).map(({ metrics: _, ...campaign }) => ({ ...campaign, accountId: account.id }));
}

interface Ranges extends FigureDays {
  needsCampaigns: boolean;
}

/** The days of a range that must be asked, up to today; undefined = none. */
async function gapOf(context: Context, account: Account, range: DayRange) {
  const part = await findCopiedPart(context, { account, range });
  const gap = part ? part.gap : range;
  const today = dayIn(account.timeZone, context.services.now());
  const isAhead = !gap || gap.start > today;
  return {
    gap: isAhead ? undefined : { start: gap.start, end: firstOf(gap.end, today) },
    copiedAt: part?.fetchedAt ?? null,
  };
}

async function readSource(context: Context, account: Account, ranges: Ranges): Promise<ReadSource> {
  const { range, compared, needsCampaigns } = ranges;
  const parts = await Promise.all([range, ...(compared ? [compared] : [])].map((one) => gapOf(context, account, one)));
  const gaps = parts.flatMap(({ gap }) => gap ?? []);
  const nothing = { account, gaps, asked: [], listed: [] };
  const closed = account.isActive ? null : faultOfAccount(account);
  if (closed && gaps.length > 0) return { ...nothing, completeness: missingSource(account, { range, gaps }, closed) };
  try {
    const loading = gaps.map((range) => context.loadAnswer({ product: 'campaignDays', account, range }));
    const answers = await context.pendingAnswers.add(account.connectionId, settleAll(loading));
    const found = answers.flatMap((answer) => answer ?? []);
    const asked = askedDays(account, found);
    const listed = needsCampaigns ? await listUnknown(context, account, asked, gaps[0]) : [];
    const history = context.providers.find(account.providerId)?.history;
    const completeness = await completeSource(context, account, range, {
      found,
      copiedAt: parts.map((part) => part.copiedAt),
      restatedDays: history ? restatedDaysOf(account, history) : null,
    });
    return { account, gaps, asked, listed, completeness };
  } catch (error) {
    // A defect of ours.
    if (!(error instanceof AppError)) throw error;
    return { ...nothing, completeness: missingSource(account, { range, gaps }, error) };
  }
}

/**
 * Returns the days of accounts that are not copied, from their providers, and how complete each is. What a provider cannot
 * answer is missing, and said to be.
 */
export function readSources(
  context: Context,
  { accounts, ...ranges }: Ranges & { accounts: Account[] },
): Promise<ReadSource[]> {
  return Promise.all(accounts.map((account) => readSource(context, account, ranges)));
}
