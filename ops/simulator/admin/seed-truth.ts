import { googleAdsAccounts } from '../data/google-ads-accounts.js';
import { linkedinAccounts } from '../data/linkedin-accounts.js';
import { metaAccounts } from '../data/meta-accounts.js';
import { truthOf } from '../data/truth.js';
import { readDay } from './read-day.js';
import type { AdminRequest, AdminTools } from './tools.js';

const SEEDS = {
  'google-ads': { accounts: googleAdsAccounts, count: 'halves' },
  meta: { accounts: metaAccounts, count: 'orders' },
  linkedin: { accounts: linkedinAccounts, count: 'orders' },
} as const;

/** Returns a handler that publishes a provider's accounts, campaigns and totals between `start` and `end`. */
export function seedTruth(provider: keyof typeof SEEDS) {
  const { accounts, count } = SEEDS[provider];
  return ({ world }: AdminTools, { query }: AdminRequest) => {
    const first = readDay(query, 'start');
    const last = readDay(query, 'end');
    const daily = ['1', 'true'].includes(query.get('daily') ?? '');
    return { accounts: truthOf(accounts, { first, last }, world.clock.now(), count, daily) };
  };
}
