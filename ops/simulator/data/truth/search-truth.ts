import { dateOf, dayIn } from '#simulator/data/calendar.js';
import { type Finding, findingsOfDay } from '#simulator/data/search-day.js';
import { type SearchSite, searchSites } from '#simulator/data/search-sites.js';
import type { Range } from './truth.js';

const PACIFIC = 'America/Los_Angeles';
const FINAL_AFTER_DAYS = 3;

/** Returns the last day with final figures. */
export function lastFinalDay(now: Date): number {
  return dayIn(PACIFIC, now) - FINAL_AFTER_DAYS;
}

/** Returns the last day with any figures. */
export function lastKnownDay(now: Date): number {
  return dayIn(PACIFIC, now) - 1;
}

/** Returns the expected web search figures, over final days. */
export function searchTruth({ first, last }: Range, now: Date, daily: boolean) {
  const end = Math.min(last, lastFinalDay(now));
  const days = Array.from({ length: Math.max(0, end - first + 1) }, (_, n) => first + n);
  return searchSites.map((site) => truthOfSite(site, days, daily));
}

function truthOfSite(site: SearchSite, days: number[], daily: boolean) {
  const byDay = days.map((day) => findingsOfDay(site, day, 'web'));
  const all = byDay.flat();
  const found = all.filter(({ isSecond }) => !isSecond);
  return {
    id: site.url,
    timeZone: PACIFIC,
    permissions: site.permissions,
    people: Object.keys(site.permissions),
    ...sumsOf(found),
    queries: groupsOf(
      found.filter(({ query }) => query !== null),
      ({ query }) => query ?? '',
    ),
    pages: groupsOf(all, ({ page }) => page.url),
    countries: groupsOf(found, ({ country }) => country),
    devices: groupsOf(found, ({ device }) => device),
    ...(daily && {
      daily: days.flatMap((day, n) => {
        const ofDay = (byDay[n] ?? []).filter(({ isSecond }) => !isSecond);
        return ofDay.length > 0 ? [{ date: dateOf(day), ...sumsOf(ofDay) }] : [];
      }),
    }),
  };
}

function groupsOf(findings: readonly Finding[], labelOf: (finding: Finding) => string) {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(labelOf(finding));
    if (group) group.push(finding);
    else groups.set(labelOf(finding), [finding]);
  }
  return [...groups.keys()].sort().map((name) => ({ name, ...sumsOf(groups.get(name) ?? []) }));
}

function sumsOf(findings: readonly Finding[]) {
  const clicks = findings.reduce((sum, finding) => sum + finding.clicks, 0);
  const impressions = findings.reduce((sum, finding) => sum + finding.impressions, 0);
  const positions = findings.reduce((sum, finding) => sum + finding.positions, 0);
  return {
    clicks,
    impressions,
    ctr: impressions === 0 ? 0 : clicks / impressions,
    position: impressions === 0 ? 0 : positions / 10 / impressions,
  };
}
