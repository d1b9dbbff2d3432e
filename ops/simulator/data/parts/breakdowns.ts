import type { Account, Campaign } from '#simulator/data/campaign.js';
import { addFigures, type Figures, figuresOfDay, NO_FIGURES } from '#simulator/data/daily-figures.js';
import { seededNumber } from '#simulator/data/seeded-number.js';
import { splitFigures } from './split-figures.js';

/** What people saw an ad on; providers merge and rename these. */
export const DEVICES = ['smartphone', 'iphone', 'tablet', 'ipad', 'desktop', 'tv', 'other'] as const;
export type Device = (typeof DEVICES)[number];

const DEVICE_WEIGHTS = [38, 21, 5, 4, 27, 4, 1];

/** Countries by the currency of an account, ISO 3166 alpha-2, the most frequent first. */
const COUNTRIES: Record<string, readonly string[]> = {
  USD: ['US', 'CA', 'MX', 'PR'],
  EUR: ['DE', 'AT', 'CH', 'FR'],
  JPY: ['JP', 'KR', 'TW', 'US'],
  GBP: ['GB', 'IE', 'GG', 'US'],
};
const COUNTRY_WEIGHTS = [81, 11, 6, 2];

/** Returns the countries an account's ads are seen in. */
export const countriesOf = ({ currency }: Pick<Account, 'currency'>): readonly string[] =>
  COUNTRIES[currency] ?? COUNTRIES.USD ?? [];

function sumOfDays(
  campaign: Campaign,
  { first, last }: { first: number; last: number },
  weights: readonly number[],
  salt: number,
): Figures[] {
  const days: Figures[][] = [];
  for (let day = first; day <= last; day++) {
    const figures = figuresOfDay(campaign, day);
    if (figures.impressions === 0) continue;
    days.push(splitFigures(figures, weights, seededNumber(campaign.seed, day * 8 + salt, 1_000) / 1_000));
  }
  return weights.map((_weight, n) => addFigures(days.map((parts) => parts[n] ?? NO_FIGURES)));
}

/** Returns a campaign's figures by device, in the order of `DEVICES`. */
export const figuresByDevice = (campaign: Campaign, first: number, last: number): Figures[] =>
  sumOfDays(campaign, { first, last }, DEVICE_WEIGHTS, 6);

/** Returns a campaign's figures by country, in the order of `countriesOf`. */
export const figuresByCountry = (campaign: Campaign, first: number, last: number): Figures[] =>
  sumOfDays(campaign, { first, last }, COUNTRY_WEIGHTS, 7);
