import { EVENTS, type Visits, visitsOfDay } from '#simulator/data/analytics-day.js';
import { type AnalyticsProperty, analyticsProperties } from '#simulator/data/analytics-properties.js';
import { dateOf, dayIn } from '#simulator/data/calendar.js';
import type { Range } from './truth.js';

/**
 * Returns the expected figures of every property. Users are counted one by one here and as spans by the provider: an
 * error in one shows against the other.
 */
export function analyticsTruth({ first, last }: Range, now: Date, daily: boolean) {
  return analyticsProperties.map((property) => {
    const today = dayIn(property.timeZone, now);
    const days = Array.from({ length: Math.max(0, Math.min(last, today) - first + 1) }, (_, n) => first + n);
    const byDay = days.map((day) => visitsOfDay(property, day));
    const all = byDay.flat();
    const by = (labelOf: (visits: Visits) => string) => {
      const groups = new Map<string, Visits[]>();
      for (const visits of all) {
        const group = groups.get(labelOf(visits));
        if (group) group.push(visits);
        else groups.set(labelOf(visits), [visits]);
      }
      return [...groups.keys()].sort().map((name) => ({ name, ...sumsOf(groups.get(name) ?? [], property) }));
    };
    return {
      id: property.id,
      name: property.name,
      account: property.accountId,
      currency: property.currency,
      timeZone: property.timeZone,
      people: property.people,
      today: dateOf(today),
      ...sumsOf(all, property),
      events: EVENTS.map((name) => ({
        name,
        eventCount: all.reduce((sum, { events }) => sum + events[name], 0),
      })).filter(({ eventCount }) => eventCount > 0),
      channels: by(({ audience }) => audience.source.channel),
      devices: by(({ audience }) => audience.device.category),
      countries: by(({ audience }) => audience.place.country),
      ...(daily && {
        daily: days.flatMap((day, n) => {
          const visits = byDay[n] ?? [];
          return visits.length > 0 ? [{ date: dateOf(day), ...sumsOf(visits, property) }] : [];
        }),
      }),
    };
  });
}

function sumsOf(all: readonly Visits[], { digits }: AnalyticsProperty) {
  const sum = (of: (visits: Visits) => number) => all.reduce((total, visits) => total + of(visits), 0);
  return {
    activeUsers: countPeople(all, 'active'),
    totalUsers: countPeople(all, 'users'),
    newUsers: sum(({ events }) => events.first_visit),
    sessions: sum(({ sessions }) => sessions),
    engagedSessions: sum(({ engaged }) => engaged),
    screenPageViews: sum(({ events }) => events.page_view),
    eventCount: sum(({ events }) => EVENTS.reduce((total, name) => total + events[name], 0)),
    keyEvents: sum(({ events }) => events.purchase + events.generate_lead),
    transactions: sum(({ events }) => events.purchase),
    totalRevenue: printMoney(
      sum(({ revenue }) => revenue),
      digits,
    ),
    userEngagementDuration: sum(({ engagementSeconds }) => engagementSeconds),
    sessionSeconds: sum(({ sessionSeconds }) => sessionSeconds),
    advertiserAdCost: printMoney(
      sum(({ adCost }) => adCost),
      digits,
    ),
  };
}

function countPeople(all: readonly Visits[], which: 'users' | 'active'): number {
  const people = new Map<string, Set<number>>();
  for (const { audience, [which]: crowd } of all) {
    const known = people.get(audience.key) ?? new Set<number>();
    for (let n = 0; n < crowd.count; n++) known.add((crowd.from + n) % audience.size);
    people.set(audience.key, known);
  }
  return [...people.values()].reduce((count, known) => count + known.size, 0);
}

function printMoney(minor: number, digits: number): string {
  const text = String(minor).padStart(digits + 1, '0');
  if (digits === 0) return text;
  const fraction = text.slice(-digits).replace(/0+$/, '');
  return fraction === '' ? text.slice(0, -digits) : `${text.slice(0, -digits)}.${fraction}`;
}
