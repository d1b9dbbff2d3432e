import type { Account } from '#integrations/entities/account.js';
import type { CampaignModel, PerformanceRowModel, PerformanceTotalModel } from '#integrations/models.js';
import { describeProviderById } from '#integrations/providers/index.js';
import type { CampaignRow } from '#integrations/providers/products.js';
import type { FoundRow } from './found-performance.js';
import type { Dimension } from './performance-question.js';

/** Returns sums with their currency. */
export function sumsOf(
  { currency, current, previous }: Pick<FoundRow, 'currency' | 'current' | 'previous'>,
  isCompared: boolean,
): PerformanceTotalModel {
  return {
    currency,
    metrics: { ...current, currency },
    previous: isCompared ? { ...previous, currency } : null,
  };
}

/** One that its provider no longer lists, and that was never copied, is known by its id only. */
function campaignOf(account: Account, externalId: string, { campaign }: FoundRow): CampaignModel {
  if (!campaign)
    return {
      account,
      externalId,
      name: externalId,
      status: 'OTHER',
      providerStatus: '',
      objective: null,
      type: null,
      budget: null,
    };
  return { account, externalId, ...campaign, status: campaign.status as CampaignRow['status'] };
}

/** Returns the mapping of found rows. */
export function createRowOf(
  dimensions: Dimension[],
  accounts: Account[],
  isCompared: boolean,
): (found: FoundRow) => PerformanceRowModel {
  const byId = new Map(accounts.map((account) => [account.id, account]));
  return (found) => {
    const dimensionOf = (dimension: Dimension) => {
      const index = dimensions.indexOf(dimension);
      return index < 0 ? null : (found.dimensions[index] ?? null);
    };
    const [campaignAccount, ...campaignId] = dimensionOf('CAMPAIGN')?.split(' ') ?? [];
    const account = byId.get(dimensionOf('ACCOUNT') ?? campaignAccount ?? '') ?? null;
    const providerId = dimensionOf('PROVIDER');
    return {
      ...sumsOf(found, isCompared),
      currency: dimensionOf('CURRENCY') ?? found.currency,
      provider: providerId ? describeProviderById(providerId) : null,
      clientId: dimensionOf('CLIENT'),
      account,
      campaign: account && campaignAccount ? campaignOf(account, campaignId.join(' '), found) : null,
      campaignType: dimensionOf('CAMPAIGN_TYPE'),
      objective: dimensionOf('OBJECTIVE'),
      status: dimensionOf('STATUS') as CampaignRow['status'] | null,
      day: dimensionOf('DAY'),
      week: dimensionOf('WEEK'),
      month: dimensionOf('MONTH'),
    };
  };
}
