/** Returns a URN such as urn:li:sponsoredCampaign:444. */
export function urnOf(entity: string, id: string): string {
  return `urn:li:${entity}:${id}`;
}

/** Entity types in URNs. */
export const ACCOUNT = 'sponsoredAccount';
export const CAMPAIGN_GROUP = 'sponsoredCampaignGroup';
export const CAMPAIGN = 'sponsoredCampaign';
export const ORGANIZATION = 'organization';
export const PERSON = 'person';
export const CREATIVE = 'sponsoredCreative';
export const GEO = 'geo';
