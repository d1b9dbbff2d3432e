import { dateOf } from '#simulator/data/calendar.js';
import type { Account, Campaign } from '#simulator/data/campaign.js';
import type { Figures } from '#simulator/data/daily-figures.js';
import type { Ad, AdGroup } from '#simulator/data/parts/ad-groups.js';
import { buyingTypeOf } from '#simulator/meta/nodes.js';

export interface InsightsRow {
  account: Account;
  /** null at account level. */
  campaign: Campaign | null;
  /** Given at the levels of ad sets and ads. */
  adSet?: AdGroup;
  /** Given at the level of ads. */
  ad?: Ad;
  /** The value of a breakdown. */
  breakdown: { name: string; value: string } | null;
  first: number;
  last: number;
  figures: Figures;
}

// One purchase has several action types, as at Meta: adding them all up is wrong.
const PURCHASE_TYPES = ['purchase', 'omni_purchase', 'offsite_conversion.fb_pixel_purchase'];

const READERS: Record<string, (row: InsightsRow) => unknown> = {
  account_id: ({ account }) => account.id,
  account_name: ({ account }) => account.name,
  account_currency: ({ account }) => account.currency,
  campaign_id: ({ campaign }) => campaign?.id,
  campaign_name: ({ campaign }) => campaign?.name,
  adset_id: ({ adSet }) => adSet?.id,
  adset_name: ({ adSet }) => adSet?.name,
  ad_id: ({ ad }) => ad?.id,
  ad_name: ({ ad }) => ad?.name,
  objective: ({ campaign }) => campaign?.kind,
  buying_type: ({ campaign }) => (campaign ? buyingTypeOf(campaign) : undefined),
  impressions: ({ figures }) => String(figures.impressions),
  clicks: ({ figures }) => String(figures.clicks),
  inline_link_clicks: ({ figures }) => unlessZero(linkClicks(figures), String),
  spend: (row) => spendText(row),
  reach: (row) => String(reachOf(row)),
  frequency: (row) => decimal(row.figures.impressions / reachOf(row)),
  ctr: ({ figures }) => decimal((figures.clicks * 100) / figures.impressions),
  cpc: (row) => unlessZero(row.figures.clicks, (clicks) => decimal(spendOf(row) / clicks)),
  cpm: (row) => decimal((spendOf(row) * 1000) / row.figures.impressions),
  cpp: (row) => decimal((spendOf(row) * 1000) / reachOf(row)),
  actions: ({ figures }) =>
    unlessEmpty([
      ...(linkClicks(figures) > 0 ? [{ action_type: 'link_click', value: String(linkClicks(figures)) }] : []),
      ...purchaseStats(figures, String(figures.orders)),
    ]),
  action_values: ({ figures }) => unlessEmpty(purchaseStats(figures, halvesText(figures.halfValue))),
  purchase_roas: (row) =>
    unlessZero(row.figures.cost && row.figures.orders, () => [
      { action_type: 'omni_purchase', value: decimal(row.figures.halfValue / 2 / spendOf(row)) },
    ]),
  date_start: ({ first }) => dateOf(first),
  date_stop: ({ last }) => dateOf(last),
};

export function isInsightsField(name: string): boolean {
  return Object.hasOwn(READERS, name);
}

/** Returns a field in the wire format; undefined when Meta omits it. */
export function readInsightsField(name: string, row: InsightsRow): unknown {
  return READERS[name]?.(row);
}

// Fewer than clicks on anything. Whole numbers stay additive over days.
function linkClicks(figures: Figures): number {
  return figures.clicks - figures.orders;
}

// Grows more slowly than impressions: people count once over several days.
function reachOf({ figures, first, last }: InsightsRow): number {
  return Math.max(1, Math.floor((figures.impressions * 100) / (110 + 3 * Math.min(last - first, 40))));
}

function spendOf({ account, figures }: InsightsRow): number {
  return figures.cost / 10 ** account.digits;
}

// From whole cents, so that it is exact.
function spendText({ account: { digits }, figures: { cost } }: InsightsRow): string {
  if (digits === 0) return String(cost);
  const fraction = String(cost % 10 ** digits)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  const whole = String(Math.floor(cost / 10 ** digits));
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

function purchaseStats(figures: Figures, value: string) {
  return figures.orders > 0 ? PURCHASE_TYPES.map((action_type) => ({ action_type, value })) : [];
}

function halvesText(halves: number): string {
  return halves % 2 === 0 ? String(halves / 2) : `${(halves - 1) / 2}.5`;
}

function decimal(value: number): string {
  return value.toFixed(6).replace(/\.?0+$/, '');
}

function unlessZero<T>(value: number, print: (value: number) => T): T | undefined {
  return value > 0 ? print(value) : undefined;
}

function unlessEmpty<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}
