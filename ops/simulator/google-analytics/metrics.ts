import type { Tally } from './tally.js';

export interface Metric {
  uiName: string;
  category: string;
  type: 'TYPE_INTEGER' | 'TYPE_FLOAT' | 'TYPE_SECONDS' | 'TYPE_CURRENCY';
  isOfAds: boolean;
  /** `unit` converts amounts from smallest units to the requested currency. */
  of(tally: Tally, unit: number): number;
}

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
const keyEventsOf = (tally: Tally) => tally.count('purchase') + tally.count('generate_lead');

function metric(category: string, type: Metric['type'], uiName: string, of: Metric['of'], isOfAds = false): Metric {
  return { uiName, category, type: type, isOfAds, of };
}

/** https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema */
export const metrics: Readonly<Record<string, Metric>> = {
  activeUsers: metric('User', 'TYPE_INTEGER', 'Active users', (tally) => tally.active),
  totalUsers: metric('User', 'TYPE_INTEGER', 'Total users', (tally) => tally.users),
  newUsers: metric('User', 'TYPE_INTEGER', 'New users', (tally) => tally.count('first_visit')),
  userEngagementDuration: metric('User', 'TYPE_SECONDS', 'User engagement', (tally) => tally.engagementSeconds),
  sessions: metric('Session', 'TYPE_INTEGER', 'Sessions', (tally) => tally.sessions),
  engagedSessions: metric('Session', 'TYPE_INTEGER', 'Engaged sessions', (tally) => tally.engaged),
  engagementRate: metric('Session', 'TYPE_FLOAT', 'Engagement rate', (tally) => ratio(tally.engaged, tally.sessions)),
  bounceRate: metric('Session', 'TYPE_FLOAT', 'Bounce rate', (tally) =>
    ratio(tally.sessions - tally.engaged, tally.sessions),
  ),
  averageSessionDuration: metric('Session', 'TYPE_SECONDS', 'Average session duration', (tally) =>
    ratio(tally.sessionSeconds, tally.sessions),
  ),
  sessionsPerUser: metric('Session', 'TYPE_FLOAT', 'Sessions per user', (tally) => ratio(tally.sessions, tally.active)),
  screenPageViews: metric('Page / screen', 'TYPE_INTEGER', 'Views', (tally) => tally.count('page_view')),
  screenPageViewsPerSession: metric('Page / screen', 'TYPE_FLOAT', 'Views per session', (tally) =>
    ratio(tally.count('page_view'), tally.sessions),
  ),
  eventCount: metric('Event', 'TYPE_INTEGER', 'Event count', (tally) => tally.count()),
  eventsPerSession: metric('Event', 'TYPE_FLOAT', 'Events per session', (tally) =>
    ratio(tally.count(), tally.sessions),
  ),
  keyEvents: metric('Event', 'TYPE_FLOAT', 'Key events', keyEventsOf),
  conversions: metric('Event', 'TYPE_FLOAT', 'Conversions', keyEventsOf),
  addToCarts: metric('E-commerce', 'TYPE_INTEGER', 'Add to carts', (tally) => tally.count('add_to_cart')),
  transactions: metric('E-commerce', 'TYPE_INTEGER', 'Transactions', (tally) => tally.count('purchase')),
  ecommercePurchases: metric('E-commerce', 'TYPE_INTEGER', 'E-commerce purchases', (tally) => tally.count('purchase')),
  totalRevenue: metric('Revenue', 'TYPE_CURRENCY', 'Total revenue', (tally, unit) => tally.revenue / unit),
  purchaseRevenue: metric('Revenue', 'TYPE_CURRENCY', 'Purchase revenue', (tally, unit) => tally.revenue / unit),
  averagePurchaseRevenue: metric('Revenue', 'TYPE_CURRENCY', 'Average purchase revenue', (tally, unit) =>
    ratio(tally.revenue / unit, tally.count('purchase')),
  ),
  advertiserAdCost: metric('Advertising', 'TYPE_CURRENCY', 'Ads cost', (tally, unit) => tally.adCost / unit, true),
  advertiserAdClicks: metric('Advertising', 'TYPE_INTEGER', 'Ads clicks', (tally) => tally.adClicks, true),
  advertiserAdImpressions: metric(
    'Advertising',
    'TYPE_INTEGER',
    'Ads impressions',
    (tally) => tally.adImpressions,
    true,
  ),
  returnOnAdSpend: metric(
    'Advertising',
    'TYPE_FLOAT',
    'Return on ad spend',
    (tally) => ratio(tally.revenue, tally.adCost),
    true,
  ),
};

const REALTIME = ['activeUsers', 'screenPageViews', 'eventCount', 'keyEvents', 'conversions'];

export const realtimeMetrics: Readonly<Record<string, Metric>> = Object.fromEntries(
  Object.entries(metrics).filter(([name]) => REALTIME.includes(name)),
);
