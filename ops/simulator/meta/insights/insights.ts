import { dayIn } from '#simulator/data/calendar.js';
import type { Account, Campaign } from '#simulator/data/campaign.js';
import { addFigures, type Figures, figuresOfRange, NO_FIGURES } from '#simulator/data/daily-figures.js';
import { readFiltering } from '#simulator/meta/campaign-filter.js';
import { pageOf } from '#simulator/meta/paging.js';
import { tooMuchData } from '#simulator/meta/refuse-too-much.js';
import type { WireRequest } from '#simulator/wire.js';
import { type InsightsRow, readInsightsField } from './insights-fields.js';
import { type DayRange, type InsightsRequest, readInsightsRequest } from './insights-request.js';

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
  const campaigns = (campaign ? [campaign] : account.campaigns).filter(filtering.accepts);
  if (campaigns.length * requested.ranges.length > MAX_ROWS) {
    throw tooMuchData();
  }
  const rows = sorted(rowsOf(requested, account, campaigns, today).filter(filtering.acceptsRow), requested);
  const names = [...new Set([...requested.fields, ...ALWAYS])];
  const page = pageOf(rows, request, (row) => print(row, names));
  if (!requested.summary || rows.length === 0) return page;
  return { ...page, summary: print(totalRow(account, rows), [...requested.summary, ...ALWAYS]) };
}

function totalRow(account: Account, rows: readonly InsightsRow[]): InsightsRow {
  return {
    account,
    campaign: null,
    platform: null,
    first: rows.reduce((day, { first }) => Math.min(day, first), Number.POSITIVE_INFINITY),
    last: rows.reduce((day, { last }) => Math.max(day, last), 0),
    figures: addFigures(rows.map(({ figures }) => figures)),
  };
}

function rowsOf(
  requested: InsightsRequest,
  account: Account,
  campaigns: readonly Campaign[],
  today: number,
): InsightsRow[] {
  const groups =
    requested.level === 'campaign'
      ? campaigns.map((campaign) => ({ campaign, members: [campaign] }))
      : [{ campaign: null, members: campaigns }];
  return groups.flatMap(({ campaign, members }) =>
    requested.ranges.flatMap((range) => {
      const known = { first: range.first, last: Math.min(range.last, today) };
      return (
        measure(members, known, requested.byPlatform)
          // Campaigns without impressions have no row.
          .filter(({ figures }) => figures.impressions > 0)
          .map(({ platform, figures }) => ({ account, campaign, platform, ...range, figures }))
      );
    }),
  );
}

function measure(
  campaigns: readonly Campaign[],
  { first, last }: DayRange,
  byPlatform: boolean,
): { platform: string | null; figures: Figures }[] {
  if (!byPlatform) return [{ platform: null, figures: sumOf(campaigns, first, last) }];
  const splits = campaigns.map((campaign) => platformFigures(campaign, first, last));
  return PLATFORMS.map((platform) => ({ platform, figures: addFigures(splits.map((split) => split[platform])) }));
}

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
  if (row.platform !== null) printed.publisher_platform = row.platform;
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
