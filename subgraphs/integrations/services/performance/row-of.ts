import type { Account } from '#integrations/entities/account.js';
import type { CampaignModel, PerformanceRowModel, PerformanceTotalModel } from '#integrations/models.js';
import { describeProviderById } from '#integrations/providers/index.js';
import type { CampaignRow, Device } from '#integrations/providers/products.js';
import type { FoundRow } from './found-performance.js';
import type { Dimension } from './performance-question.js';
import type { ActionPlace, ActionsAt } from './read-actions.js';

/** Returns the mapping of found sums. */
export const createTotalOf =
  (of: ActionPlace['of'], actionsAt: ActionsAt, isCompared: boolean) =>
  ({
    key,
    currency,
    current,
    previous,
  }: Pick<FoundRow, 'key' | 'currency' | 'current' | 'previous'>): Omit<PerformanceTotalModel, 'explain'> => ({
    currency,
    metrics: { ...current, currency, readActions: () => actionsAt({ of, key, isPrevious: false }) },
    previous: isCompared
      ? { ...previous, currency, readActions: () => actionsAt({ of, key, isPrevious: true }) }
      : null,
  });

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
  totalOf: (found: FoundRow) => Omit<PerformanceTotalModel, 'explain'>,
): (found: FoundRow) => Omit<PerformanceRowModel, 'explain'> {
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
      ...totalOf(found),
      currency: dimensionOf('CURRENCY') ?? found.currency,
      provider: providerId ? describeProviderById(providerId) : null,
      clientId: dimensionOf('CLIENT'),
      account,
      campaign: account && campaignAccount ? campaignOf(account, campaignId.join(' '), found) : null,
      campaignType: dimensionOf('CAMPAIGN_TYPE'),
      objective: dimensionOf('OBJECTIVE'),
      status: dimensionOf('STATUS') as CampaignRow['status'] | null,
      device: dimensionOf('DEVICE') as Device | null,
      country: dimensionOf('COUNTRY'),
      day: dimensionOf('DAY'),
      week: dimensionOf('WEEK'),
      month: dimensionOf('MONTH'),
    };
  };
}
