import type { SearchPage, SearchSite } from './search-sites.js';
import { RECORDS_START, seasonOf } from './season.js';
import { seededNumber } from './seeded-number.js';

/** A day's results by query, country and device, in whole numbers. */
export interface Finding {
  day: number;
  /** null = an anonymized query. */
  query: string | null;
  page: SearchPage;
  country: string;
  device: 'MOBILE' | 'DESKTOP' | 'TABLET';
  clicks: number;
  impressions: number;
  /** Sum over all impressions, in tenths of a position. */
  positions: number;
  /** Below another page of the site: counts by page only. */
  isSecond: boolean;
}

/** Percent of web search. */
export const SEARCH_TYPES: Readonly<Record<string, number>> = { web: 100, image: 14, video: 3, discover: 9 };

const DEVICES = [
  ['MOBILE', 63],
  ['DESKTOP', 33],
  ['TABLET', 4],
] as const;
const ANONYMOUS_PERCENT = 18;

/** Returns a site's results of one day and search type. */
export function findingsOfDay(site: SearchSite, day: number, type: string): Finding[] {
  const percent = SEARCH_TYPES[type] ?? 0;
  if (day < RECORDS_START || site.dailyImpressions === 0 || percent === 0) return [];
  const salt = day * 4 + Object.keys(SEARCH_TYPES).indexOf(type);
  const busy = 84 + seededNumber(site.seed, salt, 33);
  const impressions = (site.dailyImpressions * seasonOf(day, site.weekendPercent) * busy * percent) / 100_000_000;
  const countries = site.countries.reduce((sum, [, weight]) => sum + weight, 0);
  const weights = site.queries.reduce((sum, { weight }) => sum + weight, 0);
  return site.countries.flatMap(([country, countryWeight], c) =>
    DEVICES.flatMap(([device, deviceWeight], d) => {
      const there = (impressions * countryWeight * deviceWeight) / (countries * 100);
      return site.queries.flatMap((query, q) => {
        const named = (there * query.weight * (100 - ANONYMOUS_PERCENT)) / (weights * 100);
        const chance = (n: number, bound: number) =>
          seededNumber(site.seed, (salt * 64 + q) * 128 + c * 32 + d * 8 + n, bound);
        const finding = (
          own: number,
          page: SearchPage,
          text: string | null,
          position: number,
          isSecond: boolean,
        ): Finding[] => {
          if (own === 0) return [];
          const rate = isSecond ? 0 : Math.max(4, Math.floor(320 / (position / 10 + 1)));
          const clicks = Math.min(own, Math.floor((own * rate + chance(2, 1_000)) / 1_000));
          return [
            { day, query: text, page, country, device, clicks, impressions: own, positions: own * position, isSecond },
          ];
        };
        const seen = Math.floor(named + chance(0, 1_000) / 1_000);
        const position = query.position + chance(1, 9);
        const anonymized = Math.floor(
          (named * ANONYMOUS_PERCENT) / (100 - ANONYMOUS_PERCENT) + chance(3, 1_000) / 1_000,
        );
        return [
          ...finding(seen, query.page, query.text, position, false),
          ...(query.second ? finding(Math.floor(seen / 4), query.second, query.text, position + 60, true) : []),
          ...finding(anonymized, query.page, null, position + 20, false),
        ];
      });
    }),
  );
}
