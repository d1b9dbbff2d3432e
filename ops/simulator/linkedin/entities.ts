import type { Campaign } from '#simulator/data/campaign.js';
import { type CampaignGroup, creativeGroupsOf, type LinkedinAccount } from '#simulator/data/linkedin-accounts.js';
import type { Ad } from '#simulator/data/parts/ad-groups.js';
import type { EntityKind } from './entity-resource.js';
import { notFound } from './linkedin-error.js';
import { revokeAfterConnect } from './oauth/authenticate.js';
import { campaignType, printAccount, printCampaign, printCreative, printGroup } from './print-entity.js';
import type { RestCall } from './rest-call.js';
import type { RestliValue } from './restli/parse-value.js';
import { readChoice, readText, readUrn } from './restli/read-value.js';
import { ACCOUNT, CAMPAIGN, CAMPAIGN_GROUP, CREATIVE, ORGANIZATION } from './urns.js';
import { getVisibleAccount, visibleAccounts } from './visible-accounts.js';

const oneOf =
  (...choices: string[]) =>
  (value: RestliValue, path: string) =>
    readChoice(value, path, choices);
const urn = (entity: string) => (value: RestliValue, path: string) => readUrn(value, path, entity);

const LIFE = ['ACTIVE', 'CANCELED', 'DRAFT', 'PENDING_DELETION', 'REMOVED'];
const CAMPAIGN_TYPES = ['TEXT_AD', 'SPONSORED_UPDATES', 'SPONSORED_INMAILS', 'DYNAMIC', 'EVENT_AD'];

/** https://learn.microsoft.com/en-us/linkedin/marketing/integrations/ads/account-structure/create-and-manage-accounts */
export const accounts: EntityKind<LinkedinAccount> = {
  list: visibleAccounts,
  get: getVisibleAccount,
  id: (account) => account.id,
  print: printAccount,
  search: {
    status: { of: (account) => account.status, read: oneOf(...LIFE) },
    type: { of: (account) => account.type, read: oneOf('BUSINESS', 'ENTERPRISE') },
    id: { of: (account) => account.id, read: urn(ACCOUNT) },
    name: { of: (account) => account.name, read: readText },
    reference: { of: (account) => account.organization, read: urn(ORGANIZATION) },
    test: { of: () => false },
  },
};

interface GroupOf {
  account: LinkedinAccount;
  group: CampaignGroup;
}

/** https://learn.microsoft.com/en-us/linkedin/marketing/integrations/ads/account-structure/create-and-manage-campaign-groups */
export const campaignGroups: EntityKind<GroupOf> = {
  list: groupsBelow,
  get: (id, call) => found(groupsBelow(call), ({ group }) => group.id === id, `Campaign group ${id}`),
  id: ({ group }) => group.id,
  print: ({ account, group }) => printGroup(account, group),
  search: {
    status: { of: ({ group }) => group.status, read: oneOf(...LIFE, 'ARCHIVED', 'PAUSED') },
    id: { of: ({ group }) => group.id, read: urn(CAMPAIGN_GROUP) },
    name: { of: ({ group }) => group.name, read: readText },
    test: { of: () => false },
  },
};

interface CampaignOf extends GroupOf {
  campaign: Campaign;
}

/** https://learn.microsoft.com/en-us/linkedin/marketing/integrations/ads/account-structure/create-and-manage-campaigns */
export const campaigns: EntityKind<CampaignOf> = {
  list: campaignsBelow,
  get: (id, call) => found(campaignsBelow(call), ({ campaign }) => campaign.id === id, `Campaign ${id}`),
  id: ({ campaign }) => campaign.id,
  print: ({ account, group, campaign }) => printCampaign(account, group, campaign),
  search: {
    status: { of: ({ campaign }) => campaign.status, read: oneOf(...LIFE, 'ARCHIVED', 'COMPLETED', 'PAUSED') },
    campaignGroup: { of: ({ group }) => group.id, read: urn(CAMPAIGN_GROUP) },
    id: { of: ({ campaign }) => campaign.id, read: urn(CAMPAIGN) },
    name: { of: ({ campaign }) => campaign.name, read: readText },
    type: { of: ({ campaign }) => campaignType(campaign), read: oneOf(...CAMPAIGN_TYPES) },
    associatedEntity: { of: ({ account }) => account.organization, read: urn(ORGANIZATION) },
    test: { of: () => false },
  },
};

interface CreativeOf extends CampaignOf {
  creative: Ad;
}

/** https://learn.microsoft.com/en-us/linkedin/marketing/integrations/ads/account-structure/create-and-manage-creatives */
export const creatives: EntityKind<CreativeOf> = {
  list: creativesBelow,
  get: (id, call) => found(creativesBelow(call), ({ creative }) => creative.id === id, `Creative ${id}`),
  id: ({ creative }) => creative.id,
  print: ({ account, campaign, creative }) => printCreative(account, campaign, creative),
  isCriteria: true,
  maxPageSize: 100,
  readId: urn(CREATIVE),
  search: {
    campaigns: { of: ({ campaign }) => campaign.id, read: urn(CAMPAIGN) },
    creatives: { of: ({ creative }) => creative.id, read: urn(CREATIVE) },
    intendedStatuses: { of: ({ creative }) => creative.status, read: oneOf(...LIFE, 'ARCHIVED', 'PAUSED') },
    isTestAccount: { of: () => false },
  },
};

function creativesBelow(call: RestCall): CreativeOf[] {
  return campaignsBelow(call).flatMap((of) =>
    creativeGroupsOf(of.campaign).flatMap(({ ads }) => ads.map((creative) => ({ ...of, creative }))),
  );
}

function groupsBelow(call: RestCall): GroupOf[] {
  const account = getVisibleAccount(call.segments[1] ?? '', call);
  return account.groups.map((group) => ({ account, group }));
}

function campaignsBelow(call: RestCall): CampaignOf[] {
  const groups = groupsBelow(call);
  revokeAfterConnect(call.caller, call.world);
  return groups.flatMap(({ account, group }) => group.campaigns.map((campaign) => ({ account, group, campaign })));
}

function found<Item>(items: readonly Item[], isIt: (item: Item) => boolean, name: string): Item {
  const item = items.find(isIt);
  if (item === undefined) throw notFound(name);
  return item;
}
