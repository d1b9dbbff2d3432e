import { findDay } from '../data/calendar.js';
import { googleAdsAccounts } from '../data/google-ads-accounts.js';
import { linkedinAccounts } from '../data/linkedin-accounts.js';
import { metaAccounts } from '../data/meta-accounts.js';
import { truthOf } from '../data/truth.js';
import { AdminInputError, type AdminRequest, type AdminTools } from './tools.js';

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

function readDay(query: URLSearchParams, name: string): number {
  const day = findDay(query.get(name) ?? '');
  if (day === null) throw new AdminInputError(`${name} must be a date such as 2026-10-01`);
  return day;
}
