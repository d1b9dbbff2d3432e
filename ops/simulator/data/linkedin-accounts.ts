import type { Account, Campaign } from './campaign.js';
import { type CampaignPlan, generateCampaigns } from './generate-campaigns.js';
import { CAMPAIGNS_OF_LARGE_CLIENT, largeClients } from './large-agency.js';
import { type AdGroup, adGroupsOf } from './parts/ad-groups.js';

/** Campaigns of one objective with one budget. */
export interface CampaignGroup {
  id: string;
  name: string;
  status: string;
  campaigns: readonly Campaign[];
}

export interface LinkedinAccount extends Account {
  organization: string;
  type: 'BUSINESS' | 'ENTERPRISE';
  groups: readonly CampaignGroup[];
}

const KINDS = [
  ['LEAD_GENERATION', 'Lead Generation'],
  ['WEBSITE_VISITS', 'Website Visits'],
  ['BRAND_AWARENESS', 'Brand Awareness'],
  ['WEBSITE_CONVERSIONS', 'Website Conversions'],
  ['ENGAGEMENT', 'Engagement'],
  ['VIDEO_VIEWS', 'Video Views'],
  ['JOB_APPLICANTS', 'Job Applicants'],
] as const;
const STATUSES: CampaignPlan['statuses'] = {
  live: 'ACTIVE',
  paused: 'PAUSED',
  gone: ['ARCHIVED', 'COMPLETED', 'PENDING_DELETION', 'CANCELED', 'REMOVED', 'DRAFT'],
};
// LinkedIn's ids are JSON numbers, which its own libraries parse as JavaScript's: they stay below 2^53.
const FIRST_CAMPAIGN_ID = 302_031_000_000_001n;
const FIRST_GROUP_ID = 600_710_000_000_001n;

function adAccount(
  n: number,
  count: number,
  market: string,
  account: Omit<LinkedinAccount, 'campaigns' | 'groups' | 'manager' | 'directPeople' | 'timeZone' | 'digits'>,
): LinkedinAccount {
  const digits = account.currency === 'JPY' ? 0 : 2;
  const firstId = FIRST_CAMPAIGN_ID + BigInt(n) * 1_000_000_000n;
  const campaigns = generateCampaigns({ count, firstId, market, digits, kinds: KINDS, statuses: STATUSES }).map(
    silentDraft,
  );
  const groups = KINDS.map(([kind, title], index) => {
    const members = campaigns.filter((campaign) => campaign.kind === kind);
    return {
      id: String(FIRST_GROUP_ID + BigInt(n) * 1_000_000_000n + BigInt(index) * 2n),
      name: `${market} | ${title}`,
      status: members.some(({ status }) => status === STATUSES.live) ? 'ACTIVE' : 'PAUSED',
      campaigns: members,
    };
  });
  // LinkedIn counts days in UTC for every account.
  return { ...account, digits, timeZone: 'UTC', manager: false, directPeople: account.people, campaigns, groups };
}

function silentDraft(campaign: Campaign): Campaign {
  return campaign.status === 'DRAFT' ? { ...campaign, dailyImpressions: 0 } : campaign;
}

export const linkedinAccounts: readonly LinkedinAccount[] = [
  adAccount(1, 96, 'US', {
    id: '507404993',
    name: 'Northwind Business US',
    currency: 'USD',
    status: 'ACTIVE',
    type: 'BUSINESS',
    organization: '2414183',
    people: ['nora'],
  }),
  adAccount(2, 48, 'DACH', {
    id: '508121744',
    name: 'Northwind Geschäftskunden – DACH',
    currency: 'EUR',
    status: 'ACTIVE',
    type: 'BUSINESS',
    organization: '2414184',
    people: ['nora'],
  }),
  adAccount(3, 24, 'JP', {
    id: '509533018',
    name: 'ノースウインド Japan',
    currency: 'JPY',
    status: 'ACTIVE',
    type: 'ENTERPRISE',
    organization: '2414185',
    people: ['nora'],
  }),
  adAccount(4, 20, 'UK', {
    id: '510277350',
    name: 'Northwind Workwear UK',
    currency: 'GBP',
    status: 'ACTIVE',
    type: 'BUSINESS',
    organization: '2414186',
    people: ['nora'],
  }),
  adAccount(5, 12, 'US', {
    id: '503300127',
    name: 'Northwind Recruiting (closed)',
    currency: 'USD',
    status: 'CANCELED',
    type: 'BUSINESS',
    organization: '2414183',
    people: ['nora'],
  }),
  adAccount(6, 9, 'US', {
    id: '511900462',
    name: "Rita's Flowers for Offices",
    currency: 'USD',
    status: 'ACTIVE',
    type: 'BUSINESS',
    organization: '7730921',
    people: ['rita'],
  }),
  ...largeClients.map(({ n, name, market, currency }) =>
    adAccount(100 + n, CAMPAIGNS_OF_LARGE_CLIENT, market, {
      name,
      currency,
      id: String(520_000_000 + n),
      status: 'ACTIVE',
      type: 'BUSINESS',
      organization: String(8_800_000 + n),
      people: ['vera'],
    }),
  ),
];

/** Returns the parts of a campaign; only their ads, the creatives, exist at LinkedIn. */
export const creativeGroupsOf = (campaign: Campaign): AdGroup[] =>
  adGroupsOf(campaign, { live: 'ACTIVE', paused: 'PAUSED', gone: 'ARCHIVED' });
