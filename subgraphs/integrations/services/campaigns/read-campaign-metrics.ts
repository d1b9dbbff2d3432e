import type { DayRange } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { CampaignMetricsModel, CampaignModel } from '#integrations/models.js';
import { type AdMetrics, currencyOf } from '#integrations/providers/products.js';
import { unreadableError } from '#integrations/services/ask/unreadable-rows.js';

const NONE: AdMetrics = {
  impressions: 0,
  clicks: 0,
  cost: '0',
  conversions: 0,
  conversionValue: '0',
  actions: null,
};

/** Where actions are named, what is not named is unknown. */
const NO_ACTIONS: AdMetrics = { ...NONE, conversions: null, conversionValue: null, actions: {} };

/**
 * Returns a campaign's sums over a range; zeros when it was not active. Throws InvalidInput and the provider's errors.
 */
export async function readCampaignMetrics(
  context: Context,
  { campaign: { account, externalId, objective }, range }: { campaign: CampaignModel; range: DayRange },
): Promise<CampaignMetricsModel | null> {
  const { campaignFigures, providers } = context;
  await context.checkedRanges.require({ organizationId: account.organizationId, range });
  const found = await campaignFigures.campaigns.load({ account, range });
  const unreadable = found?.index.findUnreadable(externalId);
  if (unreadable) throw unreadableError(account, unreadable);
  if (!found) return null;
  const none = providers.find(account.providerId)?.history?.resultOf ? NO_ACTIONS : NONE;
  const metrics = found.index.find(externalId)?.metrics ?? none;
  return { ...metrics, currency: currencyOf(account), campaign: { account, objective } };
}
