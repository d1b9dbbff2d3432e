import { decimalFromFloat } from './decimal.js';
import type { Template } from './template.js';

/** One row per campaign. */
export const campaignPerformance: Template = {
  id: 'campaign-performance',
  rowsOf: (accounts) =>
    accounts.flatMap((account) =>
      account.campaigns.map((campaign) => [
        account.provider,
        account.name,
        campaign.name,
        campaign.status,
        campaign.currency,
        String(campaign.impressions),
        String(campaign.clicks),
        campaign.cost,
        decimalFromFloat(campaign.conversions),
        campaign.conversionValue,
      ]),
    ),
};
