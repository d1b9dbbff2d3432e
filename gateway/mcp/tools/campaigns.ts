import { z } from 'zod';
import { accountId, accountIds, campaignId, clientId, page, period, providers } from './arguments.js';
import { defineTool } from './tool.js';

const scopes = ['read:campaigns'] as const;

const filter = {
  providers,
  accountIds,
  clientId,
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR')
    .describe('Only campaigns in this currency, an ISO 4217 code.')
    .optional(),
};

const orders = ['cost', 'clicks', 'impressions', 'conversions', 'name'] as const;
const statuses = ['active', 'paused', 'ended', 'other'] as const;

const partOrders = ['impressions', 'clicks', 'cost', 'conversions', 'ctr', 'cpc', 'cpa', 'roas'] as const;

/** What is below a campaign, by tool. */
const parts = [
  {
    name: 'get_ad_groups',
    title: 'Ad groups of a campaign',
    description: 'The ad groups of a campaign at Google Ads, or its ad sets at Meta,',
    operation: 'ListAdGroups',
    field: 'adGroups',
  },
  {
    name: 'get_ads',
    title: 'Ads of a campaign',
    description: 'The ads of a campaign at Google Ads or Meta, or its creatives at LinkedIn,',
    operation: 'ListAds',
    field: 'ads',
  },
  {
    name: 'get_keywords',
    title: 'Keywords of a campaign',
    description: 'The keywords of a search campaign at Google Ads, with match type and quality score,',
    operation: 'ListKeywords',
    field: 'keywords',
  },
];

const partTools = parts.map(({ description, field, ...tool }) =>
  defineTool({
    ...tool,
    description: `${description} with their figures over a period and the totals of all. notOffered says why there are none where the provider has none.`,
    scopes,
    input: z.strictObject({
      campaignId,
      ...period,
      orderBy: z.enum(partOrders).default('impressions').describe('The largest first.'),
      ...page,
    }),
    answer: `campaign.${field}`,
    rows: 'data',
    hasPeriod: true,
    asksProviders: true,
    variables: ({ campaignId: id, orderBy, limit, after }) => ({
      id,
      orderBy: { metric: orderBy.toUpperCase() },
      first: limit,
      after,
    }),
  }),
);

/** Tools about campaigns and their figures. */
export const campaignTools = [
  defineTool({
    name: 'get_campaign_performance',
    title: 'Performance of campaigns',
    description:
      'Campaigns of all advertising accounts with impressions, clicks, cost, conversions, ctr, cpc, cpa and roas over a period, the most expensive first, and totals per currency. reportedThrough is the last day with figures; unavailable lists accounts that are missing. Amounts in different currencies must not be added up.',
    scopes,
    input: z.strictObject({
      ...period,
      ...filter,
      status: z.enum(statuses).describe('Only campaigns in this state.').optional(),
      orderBy: z.enum(orders).default('cost').describe('The largest first; names from A to Z.'),
      ...page,
    }),
    operation: 'ListCampaigns',
    answer: 'organization.campaigns',
    rows: 'data',
    hasPeriod: true,
    asksProviders: true,
    variables: ({ limit, after, orderBy, status, providers: at, accountIds: of, clientId: client, currency }) => ({
      providers: at,
      accountIds: of,
      clientId: client,
      currency,
      status: status && [status.toUpperCase()],
      orderBy: { field: orderBy.toUpperCase(), direction: orderBy === 'name' ? 'ASC' : 'DESC' },
      first: limit,
      after,
    }),
  }),
  ...partTools,
  defineTool({
    name: 'get_daily_performance',
    title: 'Performance by day',
    description:
      "The figures of one advertising account on each day of a period, oldest first, all its campaigns together. Days without activity are left out; days are the account's.",
    scopes: ['read:connections', ...scopes],
    input: z.strictObject({ accountId, ...period, ...page }),
    operation: 'ListDailyMetrics',
    answer: 'account.metricsDaily',
    rows: 'data',
    hasPeriod: true,
    asksProviders: true,
    variables: ({ accountId: account }) => ({ accountId: account }),
  }),
  defineTool({
    name: 'explain_figures',
    title: 'Where figures come from',
    description:
      "Why the figures of an account are as they are, for a period: how old they are, whether they may still change, the last day the provider reported, the account's time zone and currency, its faults and those of its connection, what was copied, and rows that could not be read.",
    scopes: ['read:connections'],
    input: z.strictObject({ accountId, ...period }),
    operation: 'ExplainFigures',
    answer: 'account',
    hasPeriod: true,
    asksProviders: true,
    variables: ({ accountId: account }) => ({ accountId: account }),
  }),
];
