import { LRUCache } from 'lru-cache';
import type { Campaign } from './campaign.js';
import { type Figures, figuresOfDay, HISTORY_START, NO_FIGURES } from './daily-figures.js';

const COLUMNS = 6;
const GROW_BY_DAYS = 64;

// Running totals: row n holds the sums of all days before HISTORY_START + n, so any range is one subtraction.
// About 50 KB per campaign, kept for the campaigns asked about lately.
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

/** Returns a campaign's exact sums over a range of days, both ends included. */
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

/** Returns the sum of several figures. */
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
