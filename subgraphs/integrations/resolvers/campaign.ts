import { currencyOf } from '#integrations/providers/currency-of.js';
import type { CampaignMetricsResolvers, CampaignResolvers } from '#integrations/resolver-types.js';
import { listCampaignDays } from '#integrations/services/campaigns/list-metrics-daily.js';
import { amountPer, ratiosOf } from '#integrations/services/campaigns/ratios.js';

export const Campaign: CampaignResolvers = {
  id: ({ account, externalId }) => Buffer.from(`${account.id}:${externalId}`).toString('base64url'),
  metrics: ({ account, metrics }) => ({ ...metrics, currency: currencyOf(account) }),
  metricsDaily: (campaign, _args, context) => listCampaignDays(context, campaign),
};

function moneyPer(cost: string, count: number, currency: string) {
  const amount = amountPer(cost, count, currency);
  return amount === null ? null : { amount, currency };
}

export const CampaignMetrics: CampaignMetricsResolvers = {
  cost: ({ cost, currency }) => ({ amount: cost, currency }),
  conversionValue: ({ conversionValue, currency }) => ({ amount: conversionValue, currency }),
  ctr: (metrics) => ratiosOf(metrics).ctr,
  cpc: ({ cost, clicks, currency }) => moneyPer(cost, clicks, currency),
  cpa: ({ cost, conversions, currency }) => moneyPer(cost, conversions, currency),
  roas: (metrics) => ratiosOf(metrics).roas,
};
