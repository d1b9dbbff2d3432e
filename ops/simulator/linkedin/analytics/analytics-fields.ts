import { dateOf } from '#simulator/data/calendar.js';
import type { Figures } from '#simulator/data/daily-figures.js';
import type { LinkedinAccount } from '#simulator/data/linkedin-accounts.js';
import { dollarText, summedText } from '#simulator/linkedin/money.js';

export interface AnalyticsElement {
  pivotValues: string[];
  first: number;
  last: number;
  figures: Figures;
  /** Lead campaigns only. */
  leads: number;
  currency: Pick<LinkedinAccount, 'currency' | 'digits'>;
}

// Only additive metrics, reach excepted: however a client splits a range, the parts add up.
const METRICS: Record<string, (element: AnalyticsElement) => unknown> = {
  impressions: ({ figures }) => figures.impressions,
  clicks: ({ figures }) => figures.clicks,
  costInLocalCurrency: ({ figures, currency }) => summedText(figures.cost, currency.digits),
  costInUsd: ({ figures, currency }) => dollarText(figures.cost, currency.digits, currency.currency),
  conversionValueInLocalCurrency: ({ figures }) => summedText(figures.halfValue * 5, 1),
  externalWebsiteConversions: ({ figures }) => figures.orders,
  externalWebsitePostClickConversions: ({ figures }) => figures.orders,
  externalWebsitePostViewConversions: () => 0,
  landingPageClicks: ({ figures }) => figures.clicks - figures.orders,
  actionClicks: ({ figures }) => figures.orders,
  oneClickLeads: ({ leads }) => leads,
  likes: ({ figures }) => figures.halfConversions,
  reactions: ({ figures }) => figures.halfConversions,
  comments: ({ figures }) => figures.orders,
  shares: () => 0,
  follows: () => 0,
  otherEngagements: () => 0,
  totalEngagements: ({ figures }) => figures.clicks + figures.halfConversions + figures.orders,
  videoStarts: () => 0,
  videoViews: () => 0,
  videoCompletions: () => 0,
  approximateMemberReach: ({ figures, first, last }) =>
    Math.max(1, Math.floor((figures.impressions * 100) / (110 + 3 * Math.min(last - first, 40)))),
};

export function isMetric(name: string): boolean {
  return Object.hasOwn(METRICS, name);
}

/** Returns an element's selected fields in the wire format. */
export function printElement(element: AnalyticsElement, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, readField(field, element)]));
}

function readField(field: string, element: AnalyticsElement): unknown {
  switch (field) {
    case 'pivotValues':
      return element.pivotValues;
    case 'dateRange':
      return { start: dateParts(element.first), end: dateParts(element.last) };
    default:
      return METRICS[field]?.(element);
  }
}

function dateParts(day: number) {
  const [year, month, date] = dateOf(day).split('-').map(Number);
  return { year, month, day: date };
}
