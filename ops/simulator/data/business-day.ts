import type { BusinessLocation } from './business-locations.js';
import { RECORDS_START, seasonOf } from './season.js';
import { seededNumber } from './seeded-number.js';

/** Percent of a location's views. */
const SHARES = {
  BUSINESS_IMPRESSIONS_DESKTOP_MAPS: 9,
  BUSINESS_IMPRESSIONS_DESKTOP_SEARCH: 16,
  BUSINESS_IMPRESSIONS_MOBILE_MAPS: 44,
  BUSINESS_IMPRESSIONS_MOBILE_SEARCH: 31,
  BUSINESS_CONVERSATIONS: 0.2,
  BUSINESS_DIRECTION_REQUESTS: 3.4,
  CALL_CLICKS: 1.6,
  WEBSITE_CLICKS: 4.1,
  BUSINESS_BOOKINGS: 0.3,
  BUSINESS_FOOD_ORDERS: 0.9,
  BUSINESS_FOOD_MENU_CLICKS: 2.2,
} as const;

export type DailyMetric = keyof typeof SHARES;

export const DAILY_METRICS = Object.keys(SHARES) as DailyMetric[];

const KEYWORDS = ['near me', 'open now', 'opening hours', 'parking', 'reviews', 'gift card', 'phone number', 'best'];

/** Returns a location's metric on one day. */
export function metricOfDay(location: BusinessLocation, metric: DailyMetric, day: number): number {
  if (day < RECORDS_START || location.dailyViews === 0) return 0;
  if (metric.startsWith('BUSINESS_FOOD') && !location.servesFood) return 0;
  const busy = 70 + seededNumber(location.seed, day * 16, 61);
  const views = (location.dailyViews * seasonOf(day, location.weekendPercent) * busy) / 1_000_000;
  const salt = day * 16 + 1 + DAILY_METRICS.indexOf(metric);
  return Math.floor((views * SHARES[metric]) / 100 + seededNumber(location.seed, salt, 1_000) / 1_000);
}

/** Returns a month's search keywords, most frequent first. */
export function keywordsOfMonth(
  location: BusinessLocation,
  firstDayOfMonth: number,
): { word: string; count: number }[] {
  if (firstDayOfMonth < RECORDS_START || location.dailyViews === 0) return [];
  const subject = location.category.name.toLowerCase();
  return KEYWORDS.map((word, n) => {
    const spread = 60 + seededNumber(location.seed, firstDayOfMonth * 16 + n, 81);
    return { word: `${subject} ${word}`, count: Math.floor((location.dailyViews * spread) / (100 * (n + 1))) };
  })
    .filter(({ count }) => count > 0)
    .sort((one, other) => other.count - one.count);
}
