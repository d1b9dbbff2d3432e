import type { Campaign } from '#simulator/data/campaign.js';
import type { CampaignGroup, LinkedinAccount } from '#simulator/data/linkedin-accounts.js';
import { ACCOUNT, CAMPAIGN, CAMPAIGN_GROUP, ORGANIZATION, urnOf } from '#simulator/linkedin/urns.js';

/** What figures are counted of, with all it belongs to. */
export interface Measured {
  account: LinkedinAccount;
  group: CampaignGroup;
  campaign: Campaign;
}

export type Pivot = (of: Measured) => string;

/** The pivots that follow from a campaign alone; those by creative, placement or member are not simulated. */
export const PIVOTS: Readonly<Record<string, Pivot>> = {
  ACCOUNT: ({ account }) => urnOf(ACCOUNT, account.id),
  CAMPAIGN_GROUP: ({ group }) => urnOf(CAMPAIGN_GROUP, group.id),
  CAMPAIGN: ({ campaign }) => urnOf(CAMPAIGN, campaign.id),
  COMPANY: ({ account }) => urnOf(ORGANIZATION, account.organization),
};
