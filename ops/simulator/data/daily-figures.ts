import { LRUCache } from 'lru-cache';
import { dayOf, monthOf, weekdayOf } from './calendar.js';
import type { Campaign } from './campaign.js';
import { seededNumber } from './seeded-number.js';

/** Figures of a day or range, in whole numbers, so that sums are exact. */
export interface Figures {
  impressions: number;
  clicks: number;
  /** Smallest unit of the account's currency. */
  cost: number;
  /** Half conversions: attribution splits an order between two clicks. */
  halfConversions: number;
  /** For providers that do not split orders. */
  orders: number;
  /** Half currency units, exact also as floating point sums. */
  halfValue: number;
}

export const NO_FIGURES: Figures = Object.freeze({
  impressions: 0,
  clicks: 0,
  cost: 0,
  halfConversions: 0,
  orders: 0,
  halfValue: 0,
});

/** No account has earlier figures. */
export const HISTORY_START = dayOf('2024-01-01');

// Percent of an ordinary month.
const SEASON = [78, 82, 90, 95, 100, 98, 88, 85, 98, 108, 135, 128];

/** Returns a campaign's figures of one day, always the same. */
export function figuresOfDay(campaign: Campaign, day: number): Figures {
  if (day < Math.max(HISTORY_START, campaign.firstDay) || campaign.dailyImpressions === 0) return NO_FIGURES;
  if (campaign.lastDay !== null && day > campaign.lastDay) return NO_FIGURES;
  const weekday = weekdayOf(day);
  const week = weekday === 0 || weekday === 6 ? campaign.weekendPercent : 100;
  const season = SEASON[monthOf(day)] ?? 100;
  const vary = (salt: number, spread: number) =>
    100 - spread + seededNumber(campaign.seed, day * 8 + salt, 2 * spread + 1);

  const impressions = Math.floor((campaign.dailyImpressions * week * season * vary(0, 18)) / 1_000_000);
  const clicks = Math.min(impressions, Math.floor((impressions * campaign.clickRate * vary(1, 15)) / 1_000_000));
  const cost = Math.floor((clicks * campaign.clickPrice * vary(2, 12)) / 100);
  // The remainder becomes a probability, so that small campaigns sell something now and then.
  const tenThousandths = clicks * campaign.orderRate;
  const orders = Math.min(
    clicks,
    Math.floor((tenThousandths + seededNumber(campaign.seed, day * 8 + 3, 10_000)) / 10_000),
  );
  const halfConversions = orders === 0 ? 0 : orders * 2 - seededNumber(campaign.seed, day * 8 + 4, 2);
  const halves = Math.floor((orders * 2 * campaign.orderValue * vary(5, 20)) / 100);
  const halfValue = campaign.digits === 0 ? halves - (halves % 2) : halves;
  return { impressions, clicks, cost, halfConversions, orders, halfValue };
}

const COLUMNS = 6;
const GROW_BY_DAYS = 64;

// Running totals: row n sums all days before HISTORY_START + n, so that a range is one subtraction. About 50 KB per
// campaign.
const totals = new LRUCache<string, Float64Array>({ max: 256 });

function runningTotals(campaign: Campaign, days: number): Float64Array {
  const known = totals.get(campaign.id);
  if (known && known.length >= (days + 1) * COLUMNS) return known;
  const rows = Math.ceil((days + 1) / GROW_BY_DAYS) * GROW_BY_DAYS;
  const table = new Float64Array(rows * COLUMNS);
  for (let row = 1; row < rows; row++) {
    const figures = figuresOfDay(campaign, HISTORY_START + row - 1);
    const at = row * COLUMNS;
    table[at] = (table[at - 6] ?? 0) + figures.impressions;
    table[at + 1] = (table[at - 5] ?? 0) + figures.clicks;
    table[at + 2] = (table[at - 4] ?? 0) + figures.cost;
    table[at + 3] = (table[at - 3] ?? 0) + figures.halfConversions;
    table[at + 4] = (table[at - 2] ?? 0) + figures.orders;
    table[at + 5] = (table[at - 1] ?? 0) + figures.halfValue;
  }
  totals.set(campaign.id, table);
  return table;
}

/** Returns a campaign's exact sums from `first` to `last`, both included. */
export function figuresOfRange(campaign: Campaign, first: number, last: number): Figures {
  const from = Math.max(first, HISTORY_START) - HISTORY_START;
  const until = last + 1 - HISTORY_START;
  if (until <= from || campaign.dailyImpressions === 0) return NO_FIGURES;
  const table = runningTotals(campaign, until);
  const column = (n: number) => (table[until * COLUMNS + n] ?? 0) - (table[from * COLUMNS + n] ?? 0);
  return {
    impressions: column(0),
    clicks: column(1),
    cost: column(2),
    halfConversions: column(3),
    orders: column(4),
    halfValue: column(5),
  };
}

export function addFigures(all: Iterable<Figures>): Figures {
  const sum = { ...NO_FIGURES };
  for (const figures of all) {
    sum.impressions += figures.impressions;
    sum.clicks += figures.clicks;
    sum.cost += figures.cost;
    sum.halfConversions += figures.halfConversions;
    sum.orders += figures.orders;
    sum.halfValue += figures.halfValue;
  }
  return sum;
}
