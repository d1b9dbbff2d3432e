import { checkPageSize, type Page, type PageArguments } from '../../page.js';
import type { Context } from '../context.js';
import type { Account } from '../entities/account.js';
import type { CampaignModel, FreshnessModel } from '../models.js';
import type { DayRange } from '../providers/products.js';
import { checkRange } from './check-range.js';
import { freshnessOf } from './freshness.js';
import { hasProduct } from './has-product.js';
import { pageCampaigns } from './page-campaigns.js';

/** Returns a page of an account's campaigns with their metrics for the range. Throws InvalidInput, or what the provider fails with. */
export async function listAccountCampaigns(
  context: Context,
  account: Account,
  { range, ...page }: PageArguments & { range: DayRange },
): Promise<Page<CampaignModel> & { totalCount: number; freshness: FreshnessModel | null }> {
  checkRange(range, context.runtime.now());
  checkPageSize(page.first);
  // A provider would mostly refuse to speak of an inactive account, and what is not in use has no campaigns.
  const isAsked = account.isActive && hasProduct(context, account, 'campaigns');
  const known = isAsked ? await context.askProvider('campaigns', { account, range }) : undefined;
  const campaigns = (known?.found ?? []).map((row) => ({ ...row, account }));
  return { ...pageCampaigns(campaigns, page), freshness: known ? freshnessOf(known, context.runtime.now()) : null };
}
