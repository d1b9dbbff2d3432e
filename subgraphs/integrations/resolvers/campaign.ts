import type { CampaignMetricsResolvers, CampaignResolvers } from '#integrations/resolver-types.js';
import { listCampaignDays } from '#integrations/services/campaigns/list-metrics-daily.js';
import { readCampaignMetrics } from '#integrations/services/campaigns/read-campaign-metrics.js';
import { Money } from '#runtime/money.js';

export const Campaign: CampaignResolvers = {
  id: ({ account, externalId }) => Buffer.from(`${account.id}:${externalId}`).toString('base64url'),
  metrics: (campaign, { range }, context) => readCampaignMetrics(context, { campaign, range }),
  metricsDaily: (campaign, { range }, context) => listCampaignDays(context, { campaign, range }),
};

function moneyPer(cost: string, count: number, currency: string) {
  const amount = Money.fromDecimal(cost, currency).per(count);
  return amount ? { amount: amount.toString(), currency } : null;
}

export const CampaignMetrics: CampaignMetricsResolvers = {
  cost: ({ cost, currency }) => ({ amount: cost, currency }),
  conversionValue: ({ conversionValue, currency }) => ({ amount: conversionValue, currency }),
  ctr: ({ clicks, impressions }) => (impressions === 0 ? null : clicks / impressions),
  cpc: ({ cost, clicks, currency }) => moneyPer(cost, clicks, currency),
  cpa: ({ cost, conversions, currency }) => moneyPer(cost, conversions, currency),
  roas: ({ cost, conversionValue, currency }) =>
    Money.fromDecimal(conversionValue, currency).ratioTo(Money.fromDecimal(cost, currency)) ?? null,
};
