import { currencyOf } from '#integrations/providers/products.js';
import type {
  CampaignBudgetResolvers,
  CampaignMetricsResolvers,
  CampaignResolvers,
} from '#integrations/resolver-types.js';
import { findCampaignGroup } from '#integrations/services/ads/find-campaign-group.js';
import { listCampaignParts } from '#integrations/services/ads/list-campaign-parts.js';
import { campaignIdOf } from '#integrations/services/campaigns/campaign-id.js';
import { listCampaignDays } from '#integrations/services/campaigns/list-metrics-daily.js';
import { readCampaignMetrics } from '#integrations/services/campaigns/read-campaign-metrics.js';
import { Money } from '#runtime/money.js';

export const Campaign: CampaignResolvers = {
  id: ({ account, externalId }) => campaignIdOf({ accountId: account.id, externalId }),
  budget: ({ budget, account }) => budget && { ...budget, currency: currencyOf(account) },
  metrics: (campaign, { range }, context) => readCampaignMetrics(context, { campaign, range }),
  metricsDaily: (campaign, { range }, context) => listCampaignDays(context, { campaign, range }),
  group: (campaign, _args, context) => findCampaignGroup(context, campaign),
  adGroups: (campaign, args, context) => listCampaignParts(context, { campaign, part: 'adGroups', ...args }),
  ads: (campaign, args, context) => listCampaignParts(context, { campaign, part: 'ads', ...args }),
  keywords: (campaign, args, context) => listCampaignParts(context, { campaign, part: 'keywords', ...args }),
};

const moneyOf = (amount: string | null, currency: string) => (amount === null ? null : { amount, currency });

export const CampaignBudget: CampaignBudgetResolvers = {
  daily: ({ daily, currency }) => moneyOf(daily, currency),
  total: ({ total, currency }) => moneyOf(total, currency),
};

const byType = (one: { type: string }, other: { type: string }) => (one.type < other.type ? -1 : 1);

function moneyPer(cost: string, count: number, currency: string) {
  const amount = Money.fromDecimal(cost, currency).per(count);
  return amount ? { amount: amount.toString(), currency } : null;
}

export const CampaignMetrics: CampaignMetricsResolvers = {
  cost: ({ cost, currency }) => ({ amount: cost, currency }),
  conversionValue: ({ conversionValue, currency }) =>
    conversionValue === null ? null : { amount: conversionValue, currency },
  ctr: ({ clicks, impressions }) => (impressions === 0 ? null : clicks / impressions),
  cpc: ({ cost, clicks, currency }) => moneyPer(cost, clicks, currency),
  cpa: ({ cost, conversions, currency }) => (conversions === null ? null : moneyPer(cost, conversions, currency)),
  roas: ({ cost, conversionValue, currency }) =>
    conversionValue === null
      ? null
      : (Money.fromDecimal(conversionValue, currency).ratioTo(Money.fromDecimal(cost, currency)) ?? null),
  actions: ({ actions }) =>
    actions &&
    Object.entries(actions)
      .map(([type, value]) => ({ type, value }))
      .sort(byType),
  results({ actions, campaign }, _args, { providers }) {
    const history = campaign && providers.find(campaign.account.providerId)?.history;
    return (actions && history?.resultOf?.(campaign?.objective ?? null, actions)) ?? null;
  },
};
