import { dayIn } from '#simulator/data/calendar.js';
import type { Account, Campaign } from '#simulator/data/campaign.js';
import { addFigures, type Figures, figuresOfRange, NO_FIGURES } from '#simulator/data/daily-figures.js';
import { adSetsOf } from '#simulator/data/meta-accounts.js';
import { measureAdGroups } from '#simulator/data/parts/ad-groups.js';
import {
  countriesOf,
  DEVICES,
  type Device,
  figuresByCountry,
  figuresByDevice,
} from '#simulator/data/parts/breakdowns.js';
import { type Filtering, readFiltering } from '#simulator/meta/campaign-filter.js';
import { effectiveStatusOf } from '#simulator/meta/nodes.js';
import { pageOf } from '#simulator/meta/paging.js';
import { tooMuchData } from '#simulator/meta/refuse-too-much.js';
import type { WireRequest } from '#simulator/wire.js';
import { type InsightsRow, readInsightsField } from './insights-fields.js';
import { type Breakdown, type DayRange, type InsightsRequest, readInsightsRequest } from './insights-request.js';

const MAX_ROWS = 500_000;
const ALWAYS = ['date_start', 'date_stop'];

/** Answers /act_{id}/insights, or /{campaign_id}/insights with a campaign. */
export function answerInsights(
  request: WireRequest,
  account: Account,
  campaign: Campaign | null,
  now: Date,
): Record<string, unknown> {
  const today = dayIn(account.timeZone, now);
  const requested = readInsightsRequest(request.query, campaign ? 'campaign' : 'account', today);
  const filtering = readFiltering(request.query, account);
  if (requested.level === 'account' || requested.level === 'campaign') filtering.refuseParts();
  const campaigns = (campaign ? [campaign] : account.campaigns).filter(filtering.accepts);
  if (campaigns.length * requested.ranges.length > MAX_ROWS) {
    throw tooMuchData();
  }
  const found = rowsOf(requested, account, campaigns, { today, filtering });
  const rows = sorted(found.filter(filtering.acceptsRow), requested);
  const names = [...new Set([...requested.fields, ...ALWAYS])];
  const page = pageOf(rows, request, (row) => print(row, names));
  if (!requested.summary || rows.length === 0) return page;
  return { ...page, summary: print(totalRow(account, rows), [...requested.summary, ...ALWAYS]) };
}

function totalRow(account: Account, rows: readonly InsightsRow[]): InsightsRow {
  return {
    account,
    campaign: null,
    breakdown: null,
    first: rows.reduce((day, { first }) => Math.min(day, first), Number.POSITIVE_INFINITY),
    last: rows.reduce((day, { last }) => Math.max(day, last), 0),
    figures: addFigures(rows.map(({ figures }) => figures)),
  };
}

function rowsOf(
  requested: InsightsRequest,
  account: Account,
  campaigns: readonly Campaign[],
  { today, filtering }: { today: number; filtering: Filtering },
): InsightsRow[] {
  const rows = (campaign: Campaign | null, parts: (first: number, last: number) => Part[]): InsightsRow[] =>
    requested.ranges.flatMap((range) =>
      parts(range.first, Math.min(range.last, today))
        // What has no impressions has no row.
        .filter(({ figures }) => figures.impressions > 0)
        .map((part) => ({ account, campaign, ...part, ...range })),
    );
  const { breakdown } = requested;
  switch (requested.level) {
    case 'account':
      return rows(null, (first, last) => measure(campaigns, { first, last }, breakdown, account));
    case 'campaign':
      return campaigns.flatMap((campaign) =>
        rows(campaign, (first, last) => measure([campaign], { first, last }, breakdown, account)),
      );
    default:
      return campaigns.flatMap((campaign) =>
        rows(campaign, (first, last) => partsOf(campaign, { first, last }, requested.level === 'ad', filtering)),
      );
  }
}

type Part = Pick<InsightsRow, 'adSet' | 'ad' | 'breakdown' | 'figures'>;

function partsOf(campaign: Campaign, { first, last }: DayRange, isByAd: boolean, filtering: Filtering): Part[] {
  const groups = measureAdGroups(campaign, adSetsOf(campaign), first, last);
  const accepted = groups.filter(({ group }) =>
    filtering.acceptsAdSet({ ...group, status: effectiveStatusOf(group.status, campaign) }, !isByAd),
  );
  if (!isByAd) return accepted.map(({ group, figures }) => ({ adSet: group, breakdown: null, figures }));
  return accepted.flatMap(({ group, ads }) =>
    ads
      .filter(({ ad }) => filtering.acceptsAd({ ...ad, status: effectiveStatusOf(ad.status, campaign, group) }, true))
      .map(({ ad, figures }) => ({ adSet: group, ad, breakdown: null, figures })),
  );
}

function measure(
  campaigns: readonly Campaign[],
  { first, last }: DayRange,
  breakdown: Breakdown | null,
  account: Account,
): Part[] {
  if (breakdown === null) return [{ breakdown: null, figures: sumOf(campaigns, first, last) }];
  const part = (value: string, figures: Iterable<Figures>): Part => ({
    breakdown: { name: breakdown, value },
    figures: addFigures(figures),
  });
  switch (breakdown) {
    case 'publisher_platform': {
      const splits = campaigns.map((campaign) => platformFigures(campaign, first, last));
      return PLATFORMS.map((platform) =>
        part(
          platform,
          splits.map((split) => split[platform]),
        ),
      );
    }
    case 'impression_device': {
      const splits = campaigns.map((campaign) => figuresByDevice(campaign, first, last));
      return DEVICES.map((device, n) =>
        part(
          DEVICE_NAMES[device],
          splits.map((split) => split[n] ?? NO_FIGURES),
        ),
      );
    }
    case 'country': {
      const splits = campaigns.map((campaign) => figuresByCountry(campaign, first, last));
      const countries = countriesOf(account);
      return countries.map((country, n) =>
        part(
          // Meta does not know every country.
          n === countries.length - 1 ? 'unknown' : country,
          splits.map((split) => split[n] ?? NO_FIGURES),
        ),
      );
    }
  }
}

// https://developers.facebook.com/docs/marketing-api/insights/breakdowns: impression_device
const DEVICE_NAMES: Record<Device, string> = {
  smartphone: 'android_smartphone',
  iphone: 'iphone',
  tablet: 'android_tablet',
  ipad: 'ipad',
  desktop: 'desktop',
  tv: 'connected_tv',
  other: 'other',
};

function sumOf(campaigns: readonly Campaign[], first: number, last: number): Figures {
  const [only] = campaigns;
  if (only && campaigns.length === 1) return figuresOfRange(only, first, last);
  return addFigures(campaigns.map((campaign) => figuresOfRange(campaign, first, last)));
}

function sorted(rows: InsightsRow[], { sort }: InsightsRequest): InsightsRow[] {
  if (!sort) return rows;
  const size = (row: InsightsRow) => Number(readInsightsField(sort.field, row) ?? 0);
  return rows.toSorted((a, b) => (sort.descending ? size(b) - size(a) : size(a) - size(b)));
}

function print(row: InsightsRow, names: readonly string[]): Record<string, unknown> {
  const printed: Record<string, unknown> = {};
  for (const name of names) {
    const value = readInsightsField(name, row);
    if (value !== undefined) printed[name] = value;
  }
  if (row.breakdown !== null) printed[row.breakdown.name] = row.breakdown.value;
  return printed;
}

const PLATFORMS = ['facebook', 'instagram', 'audience_network'] as const;

type Split = Record<(typeof PLATFORMS)[number], Figures>;

/** Per platform, split by day, so that any ranges add up. */
function platformFigures(campaign: Campaign, first: number, last: number): Split {
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
