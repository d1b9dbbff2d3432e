import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { CampaignModel, FreshnessModel } from '#integrations/models.js';
import { freshnessOf } from '#integrations/services/ask/freshness.js';
import { checkPageSize, type Page, type PageArguments } from '#kit/page.js';
import { checkRange } from './check-range.js';
import { pageCampaigns } from './page-campaigns.js';
import { readCampaigns } from './read-campaigns.js';

/** Returns a page of an account's campaigns with metrics. Throws InvalidInput and the provider's errors. */
export async function listAccountCampaigns(
  context: Context,
  { account, range, ...page }: PageArguments & { account: Account; range: DayRange },
): Promise<Page<CampaignModel> & { totalCount: number; freshness: FreshnessModel | null }> {
  checkRange(range, context.services.now());
  checkPageSize(page.first);
  const answer = await readCampaigns(context, { account, range });
  const campaigns = (answer?.found ?? []).map((row) => ({ ...row, account, range }));
  return { ...pageCampaigns(campaigns, page), freshness: answer ? freshnessOf(context, answer) : null };
}
