import { dateOf, findDay } from '#simulator/data/calendar.js';
import { ratesOfDays } from '#simulator/data/exchange-rates.js';
import { googleAdGroupsOf, googleAdsAccounts } from '#simulator/data/google-ads-accounts.js';
import { creativeGroupsOf, linkedinAccounts } from '#simulator/data/linkedin-accounts.js';
import { adSetsOf, metaAccounts } from '#simulator/data/meta-accounts.js';
import { analyticsTruth } from '#simulator/data/truth/analytics-truth.js';
import { businessTruth } from '#simulator/data/truth/business-truth.js';
import { searchTruth } from '#simulator/data/truth/search-truth.js';
import { type Range, type TruthOptions, truthOf } from '#simulator/data/truth/truth.js';
import { truthOfX } from '#simulator/data/truth/x-truth.js';
import { campaignType } from '#simulator/linkedin/print-entity.js';
import { buyingTypeOf } from '#simulator/meta/nodes.js';
import { AdminInputError, type AdminRequest, type AdminTools } from './tools.js';

/** What is listed besides the sums of campaigns. */
type Shown = Pick<TruthOptions, 'daily' | 'detail' | 'person'>;

type Printing = Omit<TruthOptions, keyof Shown>;

const google: Printing = { count: 'halves', typeOf: ({ kind }) => kind, parts: { groupsOf: googleAdGroupsOf } };
const meta: Printing = { count: 'orders', typeOf: buyingTypeOf, parts: { groupsOf: adSetsOf } };
const linkedin: Printing = { count: 'orders', typeOf: campaignType, parts: { groupsOf: creativeGroupsOf } };

const SEEDS: Record<string, (range: Range, now: Date, shown: Shown) => unknown> = {
  'google-ads': (range, now, shown) => truthOf(googleAdsAccounts, range, now, { ...google, ...shown }),
  meta: (range, now, shown) => truthOf(metaAccounts, range, now, { ...meta, ...shown }),
  linkedin: (range, now, shown) => truthOf(linkedinAccounts, range, now, { ...linkedin, ...shown }),
  'google-analytics': (range, now, { daily }) => analyticsTruth(range, now, daily),
  'search-console': (range, now, { daily }) => searchTruth(range, now, daily),
  'business-profile': (range, now, { daily }) => businessTruth(range, now, daily),
};

/** The admin routes with each provider's accounts and their expected figures. */
export const seedHandlers = Object.fromEntries(
  Object.entries(SEEDS).map(([provider, truth]) => [
    `GET /seed/${provider}`,
    ({ world }: AdminTools, { query }: AdminRequest) => {
      const range = { first: readDay(query, 'start'), last: readDay(query, 'end') };
      const isSet = (name: string) => ['1', 'true'].includes(query.get(name) ?? '');
      const shown = { daily: isSet('daily'), detail: isSet('detail'), person: query.get('person') };
      return { accounts: truth(range, world.clock.now(), shown) };
    },
  ]),
);

/** Returns every X account with its posts from `start` to `end` and their current figures. */
export function seedX({ world }: AdminTools, { query }: AdminRequest) {
  const range = { first: readDay(query, 'start'), last: readDay(query, 'end') };
  return { users: truthOfX(range, world.clock.nowMs()) };
}

function readDay(query: URLSearchParams, name: string): number {
  const day = findDay(query.get(name) ?? '');
  if (day === null) throw new AdminInputError(`${name} must be a date such as 2026-10-01`);
  return day;
}

/** Returns the reference rates of each currency from `start` to `end`, by date. */
export function seedRates({ world }: AdminTools, { query }: AdminRequest) {
  const [first, last] = [dateOf(readDay(query, 'start')), dateOf(readDay(query, 'end'))];
  const found = ratesOfDays(first, last, world.clock.now());
  const entries = found.map(({ currency, days }) => [
    currency,
    Object.fromEntries(days.map(([day, rate]) => [dateOf(day), rate])),
  ]);
  return { rates: Object.fromEntries(entries) };
}
