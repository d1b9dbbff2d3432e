import type { TrueAccount } from './simulated-providers.js';

/** A campaign with its money in micros, so that truth and answers compare exactly whatever way they are written. */
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

/** Returns what a correct client shows of an account, by id: ended campaigns only when they did something. */
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
