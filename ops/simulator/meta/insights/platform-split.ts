import type { Campaign } from '#simulator/data/campaign.js';
import { type Figures, NO_FIGURES } from '#simulator/data/daily-figures.js';
import { addFigures, figuresOfRange } from '#simulator/data/figures-of-range.js';

export const PLATFORMS = ['facebook', 'instagram', 'audience_network'] as const;

type Split = Record<(typeof PLATFORMS)[number], Figures>;

/** Returns a campaign's figures per platform. Split day by day, so that the parts of any range add up. */
export function platformFigures(campaign: Campaign, first: number, last: number): Split {
  const days: Split[] = [];
  for (let day = first; day <= last; day++) {
    const figures = figuresOfRange(campaign, day, day);
    if (figures.impressions > 0) days.push(splitDay(figures, (campaign.seed + day) % 3 === 0));
  }
  const sum = (platform: keyof Split) => addFigures(days.map((day) => day[platform]));
  return { facebook: sum('facebook'), instagram: sum('instagram'), audience_network: sum('audience_network') };
}

function splitDay(figures: Figures, instagramSells: boolean): Split {
  const instagram = share(figures, 35);
  const audience_network = share(figures, 7);
  const facebook = {
    ...NO_FIGURES,
    impressions: figures.impressions - instagram.impressions - audience_network.impressions,
    clicks: figures.clicks - instagram.clicks - audience_network.clicks,
    cost: figures.cost - instagram.cost - audience_network.cost,
  };
  const seller = instagramSells && instagram.clicks >= figures.orders ? instagram : facebook;
  seller.orders = figures.orders;
  seller.halfConversions = figures.halfConversions;
  seller.halfValue = figures.halfValue;
  return { facebook, instagram, audience_network };
}

function share(figures: Figures, percent: number): Figures {
  const part = (value: number) => Math.floor((value * percent) / 100);
  return {
    ...NO_FIGURES,
    impressions: part(figures.impressions),
    clicks: part(figures.clicks),
    cost: part(figures.cost),
  };
}
