import { EVENTS, type EventName, type Visits } from '#simulator/data/analytics-day.js';
import { seededNumber } from '#simulator/data/seeded-number.js';
import { boundariesOf } from '#simulator/data/split.js';

export interface Page {
  path: string;
  title: string;
  weight: number;
}

/** Visits with the dimensions a report asks for; others are absent. */
export interface Slice extends Visits {
  hour?: number;
  minutesAgo?: number;
  page?: Page | undefined;
  landing?: Page | undefined;
  event?: EventName;
}

export type Cut = 'hour' | 'minutesAgo' | 'page' | 'landing' | 'event';

const page = (path: string, title: string, weight: number): Page => ({ path, title, weight });

const PAGES: readonly Page[] = [
  page('/', 'Home', 30),
  page('/boots', 'Hiking boots', 19),
  page('/tents', 'Tents', 14),
  page('/sale', 'Sale', 12),
  page('/boots/alpine-2', 'Alpine 2 boots', 9),
  page('/cart', 'Cart', 8),
  page('/blog/packing-list', 'A packing list for three days', 5),
  page('/checkout/thanks', 'Thank you', 3),
];
// No visit begins on these pages.
const LANDINGS = PAGES.filter(({ path }) => path !== '/checkout/thanks' && path !== '/cart');
const LANDING_WEIGHTS = LANDINGS.map(({ weight }) => weight);
const PAGE_WEIGHTS = PAGES.map(({ weight }) => weight);
const HOURS = [2, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 6, 7, 6, 5, 5, 5, 6, 7, 8, 8, 7, 5, 3];
const MINUTES = Array.from({ length: 60 }, () => 1);

/** Splits the visits of a day; the slices add up to the whole, users included. */
export function cutVisits(visits: Visits, cuts: ReadonlySet<Cut>): Slice[] {
  let slices: Slice[] = [visits];
  const cut = (weights: readonly number[], salt: number, label: (n: number) => Partial<Slice>) => {
    slices = slices.flatMap((slice) => split(slice, weights, salt, label));
  };
  if (cuts.has('landing')) cut(LANDING_WEIGHTS, 1, (n) => ({ landing: LANDINGS[n] }));
  if (cuts.has('page')) cut(PAGE_WEIGHTS, 2, (n) => ({ page: PAGES[n] }));
  if (cuts.has('hour') || cuts.has('minutesAgo')) cut(HOURS, 3, (hour) => ({ hour }));
  if (cuts.has('minutesAgo')) cut(MINUTES, 4, (minutesAgo) => ({ minutesAgo }));
  return cuts.has('event') ? slices.flatMap(byEvent) : slices;
}

// The events' columns come last.
const columnsOf = (slice: Slice) => [
  slice.sessions,
  slice.engaged,
  slice.users.count,
  slice.active.count,
  slice.engagementSeconds,
  slice.sessionSeconds,
  slice.adCost,
  slice.adImpressions,
  ...EVENTS.map((name) => slice.events[name]),
];
const FIRST_EVENT = 8;
const ORDERS = FIRST_EVENT + EVENTS.indexOf('purchase');

function split(slice: Slice, weights: readonly number[], salt: number, label: (n: number) => Partial<Slice>): Slice[] {
  const phase = seededNumber(slice.audience.seed, slice.day * 8 + salt, 1_000) / 1_000;
  const boundaries = columnsOf(slice).map((total) => (total === 0 ? NOTHING : boundariesOf(total, weights, phase)));
  const pieces: Slice[] = [];
  for (let n = 0; n < weights.length; n++) {
    const parts = boundaries.map((of) => (of[n + 1] ?? 0) - (of[n] ?? 0));
    if (parts.every((part) => part === 0)) continue;
    pieces.push(
      Object.assign(
        pieceOf(slice, parts, (at) => boundaries[at]?.[n] ?? 0),
        label(n),
      ),
    );
  }
  return pieces;
}

function pieceOf(slice: Slice, parts: number[], startOf: (column: number) => number): Slice {
  const [sessions = 0, engaged = 0, users = 0, active = 0, engagementSeconds = 0, sessionSeconds = 0] = parts;
  const revenueOf = (orders: number) =>
    orders === 0 ? 0 : Math.floor((slice.revenue * orders) / slice.events.purchase);
  const [before, orders] = [startOf(ORDERS), parts[ORDERS] ?? 0];
  const events = { ...NO_EVENTS };
  for (const [n, name] of EVENTS.entries()) events[name] = parts[FIRST_EVENT + n] ?? 0;
  return {
    ...slice,
    sessions,
    engaged,
    users: { from: slice.users.from + startOf(2), count: users },
    active: { from: slice.active.from + startOf(3), count: active },
    events,
    engagementSeconds,
    sessionSeconds,
    adCost: parts[6] ?? 0,
    adImpressions: parts[7] ?? 0,
    revenue: revenueOf(before + orders) - revenueOf(before),
  };
}

const NOTHING: number[] = [];
const NO_EVENTS = Object.fromEntries(EVENTS.map((name) => [name, 0])) as Slice['events'];

// An event reaches at most as many sessions and users as it happened times.
function byEvent(slice: Slice): Slice[] {
  return EVENTS.filter((name) => slice.events[name] > 0).map((event) => {
    const count = slice.events[event];
    const upTo = (crowd: Slice['users']) => ({ ...crowd, count: Math.min(crowd.count, count) });
    return {
      ...slice,
      event,
      sessions: Math.min(slice.sessions, count),
      engaged: Math.min(slice.engaged, count),
      users: upTo(slice.users),
      active: upTo(slice.active),
      events: { ...NO_EVENTS, [event]: count },
      engagementSeconds: event === 'user_engagement' ? slice.engagementSeconds : 0,
      sessionSeconds: event === 'session_start' ? slice.sessionSeconds : 0,
      revenue: event === 'purchase' ? slice.revenue : 0,
      adCost: 0,
      adImpressions: 0,
    };
  });
}
