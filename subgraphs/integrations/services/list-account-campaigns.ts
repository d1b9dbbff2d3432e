import { checkPageSize, type Page, type PageArguments } from '../../page.js';
import type { Context } from '../context.js';
import type { Account } from '../entities/account.js';
import type { CampaignModel } from '../models.js';
import type { DayRange } from '../providers/products.js';
import { checkRange } from './check-range.js';
import { pageCampaigns } from './page-campaigns.js';

/** Returns a page of an account's campaigns with their metrics for the range. Throws InvalidInput, or what the provider fails with. */
export async function listAccountCampaigns(
  { runtime, campaignsByQuestion }: Context,
  account: Account,
  { range, ...page }: PageArguments & { range: DayRange },
): Promise<Page<CampaignModel> & { totalCount: number }> {
  checkRange(range, runtime.now());
  checkPageSize(page.first);
  // A provider would mostly refuse to speak of an inactive account, and what is not in use has no campaigns.
  const rows = account.isActive ? await campaignsByQuestion.load({ account, range }) : [];
  return pageCampaigns(
    rows.map((row) => ({ ...row, account })),
    page,
  );
}
