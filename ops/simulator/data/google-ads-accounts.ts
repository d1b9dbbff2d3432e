import type { Account, Campaign } from './campaign.js';
import { type CampaignPlan, generateCampaigns } from './generate-campaigns.js';
import { CAMPAIGNS_OF_LARGE_CLIENT, largeClients } from './large-agency.js';
import { type AdGroup, adGroupsOf } from './parts/ad-groups.js';

const KINDS = [
  ['SEARCH', 'Search'],
  ['PERFORMANCE_MAX', 'PMax'],
  ['DISPLAY', 'Display'],
  ['SHOPPING', 'Shopping'],
  ['VIDEO', 'YouTube'],
  ['DEMAND_GEN', 'Demand Gen'],
] as const;
const STATUSES: CampaignPlan['statuses'] = { live: 'ENABLED', paused: 'PAUSED', gone: ['REMOVED'] };
const FIRST_ID = 9_007_199_254_740_993n;

function client(n: number, count: number, market: string, account: Omit<Account, 'campaigns' | 'manager'>): Account {
  const firstId = FIRST_ID + BigInt(n) * 100_000n;
  const plan = { count, firstId, market, digits: account.digits, kinds: KINDS, statuses: STATUSES };
  return { ...account, manager: false, campaigns: withSharedBudget(generateCampaigns(plan)) };
}

/** The first two campaigns share one budget. */
function withSharedBudget(campaigns: Campaign[]): Campaign[] {
  const [first] = campaigns;
  if (!first) return campaigns;
  return campaigns.map((campaign, n) =>
    n < 2 ? { ...campaign, dailyBudget: first.dailyBudget, sharesBudgetOf: first.id } : campaign,
  );
}

const nora = { people: ['nora'], directPeople: [] };

/** The manager of Nora's client accounts. */
export const GOOGLE_ADS_MANAGER_ID = '4815162342';

/** The manager comes first. */
export const googleAdsAccounts: readonly Account[] = [
  {
    id: GOOGLE_ADS_MANAGER_ID,
    name: 'Northwind Agency',
    currency: 'EUR',
    digits: 2,
    timeZone: 'Europe/Berlin',
    status: 'ENABLED',
    manager: true,
    people: ['nora'],
    directPeople: ['nora'],
    campaigns: [],
  },
  client(1, 24, 'US', {
    id: '1029384756',
    name: 'Northwind Outdoor US',
    currency: 'USD',
    digits: 2,
    timeZone: 'America/New_York',
    status: 'ENABLED',
    people: ['nora'],
    directPeople: ['nora'],
  }),
  client(2, 60, 'DE', {
    id: '2718281828',
    name: 'Northwind Outdoor Europa',
    currency: 'EUR',
    digits: 2,
    timeZone: 'Europe/Berlin',
    status: 'ENABLED',
    ...nora,
  }),
  client(3, 14, 'JP', {
    id: '3141592653',
    name: 'ノースウインド Japan',
    currency: 'JPY',
    digits: 0,
    timeZone: 'Asia/Tokyo',
    status: 'ENABLED',
    ...nora,
  }),
  client(4, 8, 'UK', {
    id: '5772156649',
    name: 'Fourth Coffee',
    currency: 'GBP',
    digits: 2,
    timeZone: 'Europe/London',
    status: 'ENABLED',
    ...nora,
  }),
  client(5, 12, 'US', {
    id: '6180339887',
    name: 'Tailspin Toys (closed)',
    currency: 'USD',
    digits: 2,
    timeZone: 'America/Los_Angeles',
    status: 'CANCELED',
    ...nora,
  }),
  client(6, 9, 'US', {
    id: '7320508075',
    name: "Rita's Flowers",
    currency: 'USD',
    digits: 2,
    timeZone: 'America/Chicago',
    status: 'ENABLED',
    people: ['rita'],
    directPeople: ['rita'],
  }),
  {
    id: '5550000000',
    name: 'Stein & Co',
    currency: 'EUR',
    digits: 2,
    timeZone: 'Europe/Berlin',
    status: 'ENABLED',
    manager: true,
    people: ['vera'],
    directPeople: ['vera'],
    campaigns: [],
  },
  ...largeClients.map(({ n, market, ...account }) =>
    client(100 + n, CAMPAIGNS_OF_LARGE_CLIENT, market, {
      ...account,
      id: String(5_550_000_000 + n),
      status: 'ENABLED',
      people: ['vera'],
      directPeople: [],
    }),
  ),
];

const byId = new Map(googleAdsAccounts.map((account) => [account.id, account]));

/** Finds a customer by id. */
export function findGoogleAdsAccount(id: string): Account | undefined {
  return byId.get(id);
}

/** Whether one customer manages another. */
export function isManagedBy(customer: Account, manager: Account): boolean {
  return manager.manager && customer.id !== manager.id && manager.people.some((one) => customer.people.includes(one));
}

/** Returns the ad groups of a campaign; Performance Max has asset groups instead. */
export const googleAdGroupsOf = (campaign: Campaign): AdGroup[] =>
  campaign.kind === 'PERFORMANCE_MAX'
    ? []
    : adGroupsOf(campaign, { live: 'ENABLED', paused: 'PAUSED', gone: 'REMOVED' });
