import { EVENTS, type EventName, type Visits } from '../data/analytics-day.js';
import { seededNumber } from '../data/seeded-number.js';
import { marksOf } from '../data/split.js';

export interface Page {
  path: string;
  title: string;
  weight: number;
}

/** Visits, cut down to what a report asks about. What is null was not asked for. */
export interface Slice extends Visits {
  hour: number | null;
  minutesAgo: number | null;
  page: Page | null;
  landing: Page | null;
  event: EventName | null;
}

/** By what a report cuts. */
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
// Nobody begins a visit at the end of it.
const LANDINGS = PAGES.filter(({ path }) => path !== '/checkout/thanks' && path !== '/cart');
const HOURS = [2, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 6, 7, 6, 5, 5, 5, 6, 7, 8, 8, 7, 5, 3];
const MINUTES = Array.from({ length: 60 }, () => 1);

/** Cuts the visits of a day; the pieces add up to the whole, users included. */
export function cutVisits(visits: Visits, cuts: ReadonlySet<Cut>): Slice[] {
  let slices: Slice[] = [{ ...visits, hour: null, minutesAgo: null, page: null, landing: null, event: null }];
  if (cuts.has('landing'))
    slices = slices.flatMap((slice) =>
      split(slice, LANDINGS.map(weightOf), 1, (n) => ({ landing: LANDINGS[n] ?? null })),
    );
  if (cuts.has('page'))
    slices = slices.flatMap((slice) => split(slice, PAGES.map(weightOf), 2, (n) => ({ page: PAGES[n] ?? null })));
  if (cuts.has('hour') || cuts.has('minutesAgo'))
    slices = slices.flatMap((slice) => split(slice, HOURS, 3, (hour) => ({ hour })));
  if (cuts.has('minutesAgo'))
    slices = slices.flatMap((slice) => split(slice, MINUTES, 4, (minutesAgo) => ({ minutesAgo })));
  return cuts.has('event') ? slices.flatMap(byEvent) : slices;
}

function weightOf({ weight }: Page): number {
  return weight;
}

function split(slice: Slice, weights: readonly number[], salt: number, label: (n: number) => Partial<Slice>): Slice[] {
  const phase = seededNumber(slice.audience.seed, slice.day * 8 + salt, 1_000) / 1_000;
  const marks = (total: number) => marksOf(total, weights, phase);
  const sizes = (total: number) => {
    const at = marks(total);
    return weights.map((_, n) => (at[n + 1] ?? 0) - (at[n] ?? 0));
  };
  const crowds = ({ from, count }: Slice['users']) => {
    const at = marks(count);
    return sizes(count).map((size, n) => ({ from: from + (at[n] ?? 0), count: size }));
  };
  const events = EVENTS.map((name) => sizes(slice.events[name]));
  const orders = marks(slice.events.purchase);
  const columns = {
    sessions: sizes(slice.sessions),
    engaged: sizes(slice.engaged),
    users: crowds(slice.users),
    active: crowds(slice.active),
    engagementSeconds: sizes(slice.engagementSeconds),
    sessionSeconds: sizes(slice.sessionSeconds),
    adCost: sizes(slice.adCost),
    adImpressions: sizes(slice.adImpressions),
  };
  // Money stays with the orders that brought it.
  const revenueUntil = (n: number) =>
    slice.events.purchase === 0 ? 0 : Math.floor((slice.revenue * (orders[n] ?? 0)) / slice.events.purchase);
  return weights.map((_, n) => ({
    ...slice,
    ...label(n),
    sessions: columns.sessions[n] ?? 0,
    engaged: columns.engaged[n] ?? 0,
    users: columns.users[n] ?? slice.users,
    active: columns.active[n] ?? slice.active,
    events: Object.fromEntries(EVENTS.map((name, at) => [name, events[at]?.[n] ?? 0])) as Slice['events'],
    engagementSeconds: columns.engagementSeconds[n] ?? 0,
    sessionSeconds: columns.sessionSeconds[n] ?? 0,
    revenue: revenueUntil(n + 1) - revenueUntil(n),
    adCost: columns.adCost[n] ?? 0,
    adImpressions: columns.adImpressions[n] ?? 0,
  }));
}

const NO_EVENTS = Object.fromEntries(EVENTS.map((name) => [name, 0])) as Slice['events'];

// An event reaches at most as many sessions and people as it happened times.
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
