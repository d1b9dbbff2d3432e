import type { Account, Campaign } from './campaign.js';
import { type CampaignPlan, generateCampaigns } from './generate-campaigns.js';
import { CAMPAIGNS_OF_LARGE_CLIENT, largeClients } from './large-agency.js';
import { type AdGroup, adGroupsOf } from './parts/ad-groups.js';

const KINDS = [
  ['OUTCOME_SALES', 'Sales'],
  ['OUTCOME_TRAFFIC', 'Traffic'],
  ['OUTCOME_AWARENESS', 'Awareness'],
  ['OUTCOME_LEADS', 'Leads'],
  ['OUTCOME_ENGAGEMENT', 'Engagement'],
] as const;
const STATUSES: CampaignPlan['statuses'] = { live: 'ACTIVE', paused: 'PAUSED', gone: ['ARCHIVED', 'DELETED'] };
const FIRST_ID = 120_210_000_000_000_001n;

function adAccount(
  n: number,
  count: number,
  market: string,
  account: Omit<Account, 'campaigns' | 'manager' | 'directPeople'>,
): Account {
  const firstId = FIRST_ID + BigInt(n) * 1_000_000_000n;
  return {
    ...account,
    manager: false,
    directPeople: account.people,
    campaigns: generateCampaigns({
      count,
      firstId,
      market,
      digits: account.digits,
      kinds: KINDS,
      statuses: STATUSES,
    }).map((campaign, n) => (n % 7 === 2 ? { ...campaign, hasAdSetBudgets: true } : campaign)),
  };
}

/** Status 1 = active, 2 = disabled. */
export const metaAccounts: readonly Account[] = [
  adAccount(1, 128, 'US', {
    id: '1043298715640271',
    name: 'Northwind Outdoor US',
    currency: 'USD',
    digits: 2,
    timeZone: 'America/Los_Angeles',
    status: '1',
    people: ['nora'],
  }),
  adAccount(2, 34, 'EU', {
    id: '2087654310098123',
    name: 'Northwind Outdoor Europa',
    currency: 'EUR',
    digits: 2,
    timeZone: 'Europe/Berlin',
    status: '1',
    people: ['nora'],
  }),
  adAccount(3, 16, 'JP', {
    id: '3310045599887766',
    name: 'ノースウインド Japan',
    currency: 'JPY',
    digits: 0,
    timeZone: 'Asia/Tokyo',
    status: '1',
    people: ['nora'],
  }),
  adAccount(4, 10, 'US', {
    id: '4400112233445566',
    name: 'Northwind Legacy Store',
    currency: 'USD',
    digits: 2,
    timeZone: 'America/New_York',
    status: '2',
    people: ['nora'],
  }),
  adAccount(5, 9, 'US', {
    id: '5522334455667788',
    name: "Rita's Flowers",
    currency: 'USD',
    digits: 2,
    timeZone: 'America/Chicago',
    status: '1',
    people: ['rita'],
  }),
  ...largeClients.map(({ n, market, ...account }) =>
    adAccount(100 + n, CAMPAIGNS_OF_LARGE_CLIENT, market, {
      ...account,
      id: String(6_000_000_000_000_000n + BigInt(n)),
      status: '1',
      people: ['vera'],
    }),
  ),
];

const byId = new Map(metaAccounts.map((account) => [account.id, account]));
const byCampaignId = new Map(
  metaAccounts.flatMap((account) => account.campaigns.map((campaign) => [campaign.id, { account, campaign }] as const)),
);

/** Finds an ad account by its id without `act_`. */
export function findMetaAccount(id: string): Account | undefined {
  return byId.get(id);
}

/** Finds a campaign and its account by id. */
export function findMetaCampaign(id: string): { account: Account; campaign: Campaign } | undefined {
  return byCampaignId.get(id);
}

/** Returns the ad sets of a campaign. */
export const adSetsOf = (campaign: Campaign): AdGroup[] =>
  adGroupsOf(campaign, { live: 'ACTIVE', paused: 'PAUSED', gone: 'DELETED' });
