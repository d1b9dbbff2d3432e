import type { TrueAccount } from './simulated-providers.js';

/** A campaign with money in micros, so that seed and answers compare exactly. */
export interface Figures {
  externalId: string;
  name: string;
  impressions: number;
  clicks: number;
  costMicros: bigint;
  conversions: number;
  conversionValueMicros: bigint;
}

/** Returns decimal text in micros. */
export function microsOf(text: string): bigint {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (!whole) throw new Error(`${text} is not a decimal number of at most six places`);
  return BigInt(sign + whole + fraction.padEnd(6, '0'));
}

export const byId = (one: { externalId: string }, other: { externalId: string }) =>
  one.externalId < other.externalId ? -1 : 1;

/** Returns the campaigns a correct client returns for an account, by id: ended ones only with activity. */
export function expectedCampaigns({ campaigns }: TrueAccount): Figures[] {
  return campaigns
    .filter(({ status, impressions }) => ['ENABLED', 'ACTIVE', 'PAUSED', 'DRAFT'].includes(status) || impressions > 0)
    .map((campaign) => ({
      externalId: campaign.id,
      name: campaign.name,
      impressions: campaign.impressions,
      clicks: campaign.clicks,
      costMicros: BigInt(campaign.costMicros),
      conversions: Number(campaign.conversions),
      conversionValueMicros: microsOf(campaign.conversionValue),
    }))
    .sort(byId);
}
