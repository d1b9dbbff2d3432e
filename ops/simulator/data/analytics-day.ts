import type { AnalyticsProperty, Place } from './analytics-properties.js';
import { RECORDS_START, seasonOf } from './season.js';
import { seededNumber, seedOf } from './seeded-number.js';

export interface Source {
  source: string;
  medium: string;
  channel: string;
  campaign: string;
  weight: number;
  isPaid: boolean;
}

/** Users of one source, device type and place. */
export interface Audience {
  key: string;
  seed: number;
  source: Source;
  device: Device;
  place: Place;
  /** Part of all sessions, in millionths. */
  share: number;
  size: number;
}

interface Device {
  category: string;
  os: string;
  browser: string;
  weight: number;
}

/** Users as an arc of a circle of `size` users, so that returning ones are counted once. */
export interface Crowd {
  from: number;
  count: number;
}

/** In the order of a day's counts. */
export const EVENTS = [
  'page_view',
  'session_start',
  'user_engagement',
  'first_visit',
  'scroll',
  'view_item',
  'add_to_cart',
  'generate_lead',
  'purchase',
] as const;

export type EventName = (typeof EVENTS)[number];

/** What an audience did on one day, in whole numbers, so that sums are exact. */
export interface Visits {
  audience: Audience;
  day: number;
  sessions: number;
  engaged: number;
  /** All users, and the engaged ones among them. */
  users: Crowd;
  active: Crowd;
  events: Record<EventName, number>;
  engagementSeconds: number;
  sessionSeconds: number;
  /** Smallest unit of the property's currency. */
  revenue: number;
  adCost: number;
  adImpressions: number;
}

const source = (
  name: string,
  medium: string,
  channel: string,
  campaign: string,
  weight: number,
  isPaid = false,
): Source => ({ source: name, medium, channel, campaign, weight, isPaid });

const SOURCES: readonly Source[] = [
  source('google', 'organic', 'Organic Search', '(organic)', 34),
  source('(direct)', '(none)', 'Direct', '(direct)', 22),
  source('google', 'cpc', 'Paid Search', 'Brand', 17, true),
  source('facebook', 'paid', 'Paid Social', 'Spring sale', 9, true),
  source('instagram.com', 'referral', 'Organic Social', '(referral)', 7),
  source('newsletter', 'email', 'Email', 'Weekly', 6),
  source('bing', 'organic', 'Organic Search', '(organic)', 3),
  source('trailmagazine.example', 'referral', 'Referral', '(referral)', 2),
];
const DEVICES: readonly Device[] = [
  { category: 'mobile', os: 'iOS', browser: 'Safari', weight: 56 },
  { category: 'desktop', os: 'Windows', browser: 'Chrome', weight: 37 },
  { category: 'tablet', os: 'Android', browser: 'Chrome', weight: 7 },
];
const MILLION = 1_000_000;

const known = new Map<string, readonly Audience[]>();

/** Returns a property's audiences, the same every day. */
export function audiencesOf(property: AnalyticsProperty): readonly Audience[] {
  const found = known.get(property.id);
  if (found) return found;
  const places = property.places.reduce((sum, { weight }) => sum + weight, 0);
  const audiences = SOURCES.flatMap((from) =>
    DEVICES.flatMap((device) =>
      property.places.map((place, at): Audience => {
        const key = `${property.id} ${from.source} ${from.medium} ${device.category} ${at}`;
        const share = Math.floor((from.weight * device.weight * place.weight * (MILLION / 10_000)) / places);
        const size = 8 + Math.floor((property.dailySessions * share * 6) / MILLION);
        return { key, seed: seedOf(key), source: from, device, place, share, size };
      }),
    ),
  );
  known.set(property.id, audiences);
  return audiences;
}

/** Returns the audiences' visits of one day, without empty ones. */
export function visitsOfDay(property: AnalyticsProperty, day: number): Visits[] {
  if (day < RECORDS_START || property.dailySessions === 0) return [];
  const busy = 85 + seededNumber(property.seed, day, 31);
  const all = Math.floor((property.dailySessions * seasonOf(day, property.weekendPercent) * busy) / MILLION);
  return audiencesOf(property).flatMap((audience) => visitsOf(property, audience, day, all) ?? []);
}

function visitsOf(property: AnalyticsProperty, audience: Audience, day: number, all: number): Visits | null {
  const chance = (salt: number, bound: number) => seededNumber(audience.seed, day * 16 + salt, bound);
  // The remainder becomes a probability, so that small audiences have visits now and then.
  const sessions = Math.min(audience.size, Math.floor((all * audience.share + chance(0, MILLION)) / MILLION));
  if (sessions === 0) return null;
  const part = (total: number, percent: number) => Math.floor((total * percent) / 100);
  const users = Math.max(1, part(sessions, 80 + chance(1, 20)));
  const active = Math.max(1, part(users, 86 + chance(2, 14)));
  const engaged = part(sessions, 50 + chance(3, 31));
  const views = sessions + part(sessions, 60 + chance(4, 240));
  const from = chance(5, audience.size);
  const orders = Math.min(engaged, Math.floor((sessions * property.orderRate + chance(6, 10_000)) / 10_000));
  const engagementSeconds = engaged * (35 + chance(7, 90));
  const isPaid = audience.source.isPaid;
  return {
    audience,
    day,
    sessions,
    engaged,
    users: { from, count: users },
    active: { from, count: active },
    events: {
      page_view: views,
      session_start: sessions,
      user_engagement: engaged,
      first_visit: part(active, 30 + chance(8, 41)),
      scroll: part(views, 25 + chance(9, 21)),
      view_item: part(views, 30 + chance(10, 11)),
      add_to_cart: orders + Math.floor((sessions * 450 + chance(11, 10_000)) / 10_000),
      generate_lead: Math.floor((sessions * 130 + chance(12, 10_000)) / 10_000),
      purchase: orders,
    },
    engagementSeconds,
    sessionSeconds: engagementSeconds + sessions * 11,
    revenue: part(orders * property.orderValue, 80 + chance(13, 41)),
    adCost: isPaid ? part(sessions * property.clickPrice, 88 + chance(14, 25)) : 0,
    adImpressions: isPaid ? sessions * (14 + chance(15, 20)) : 0,
  };
}
