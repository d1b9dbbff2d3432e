import { currencyOf } from '../providers/currency-of.js';
import type { CampaignMetricsResolvers, CampaignResolvers } from '../resolver-types.js';

export const Campaign: CampaignResolvers = {
  id: ({ account, externalId }) => Buffer.from(`${account.id}:${externalId}`).toString('base64url'),
  metrics: ({ account, metrics }) => ({ ...metrics, currency: currencyOf(account) }),
};

export const CampaignMetrics: CampaignMetricsResolvers = {
  cost: ({ cost, currency }) => ({ amount: cost, currency }),
  conversionValue: ({ conversionValue, currency }) => ({ amount: conversionValue, currency }),
};
