import { analyticsTruth } from '#simulator/data/analytics-truth.js';
import { businessTruth } from '#simulator/data/business-truth.js';
import { googleAdsAccounts } from '#simulator/data/google-ads-accounts.js';
import { linkedinAccounts } from '#simulator/data/linkedin-accounts.js';
import { metaAccounts } from '#simulator/data/meta-accounts.js';
import { searchTruth } from '#simulator/data/search-truth.js';
import { type Range, truthOf } from '#simulator/data/truth.js';
import { readDay } from './read-day.js';
import type { AdminRequest, AdminTools } from './tools.js';

const SEEDS: Record<string, (range: Range, now: Date, daily: boolean) => unknown> = {
  'google-ads': (range, now, daily) => truthOf(googleAdsAccounts, range, now, 'halves', daily),
  meta: (range, now, daily) => truthOf(metaAccounts, range, now, 'orders', daily),
  linkedin: (range, now, daily) => truthOf(linkedinAccounts, range, now, 'orders', daily),
  'google-analytics': analyticsTruth,
  'search-console': searchTruth,
  'business-profile': businessTruth,
};

/** The admin paths that publish each provider's accounts and their figures between `start` and `end`. */
export const seedHandlers = Object.fromEntries(
  Object.entries(SEEDS).map(([provider, truth]) => [
    `GET /seed/${provider}`,
    ({ world }: AdminTools, { query }: AdminRequest) => {
      const range = { first: readDay(query, 'start'), last: readDay(query, 'end') };
      const daily = ['1', 'true'].includes(query.get('daily') ?? '');
      return { accounts: truth(range, world.clock.now(), daily) };
    },
  ]),
);
