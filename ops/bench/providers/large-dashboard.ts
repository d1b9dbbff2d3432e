import type { ApiClient } from '#gateway/demo/api-client.js';

// The dashboard of the simulator's Vera: an agency with seven connections of twenty accounts each.

const PROVIDERS = [
  'google-ads',
  'google-analytics',
  'search-console',
  'business-profile',
  'meta-ads',
  'linkedin-ads',
  'x',
];

const META_BATCH = 50;
const DAY_MS = 24 * 60 * 60 * 1000;

export const LARGE_DASHBOARD = /* GraphQL */ `
  query ($range: DateRangeInput!) {
    me {
      name
      organization {
        analytics(range: $range, groupBy: [EVENT], first: 200) { edges { node { event metrics { events } } } }
        searchQueries(range: $range, first: 200) { edges { node { query metrics { clicks } } } }
        connections {
          provider { id }
          status
          accounts {
            name
            campaigns(range: $range, first: 50) {
              edges { node { name status metrics(range: $range) { impressions clicks cost { amount currency } conversions } } }
            }
            locations(first: 10) { edges { node { name } } }
          }
        }
        posts(range: $range, first: 10) { edges { node { post { text } } } }
      }
    }
  }
`;

export interface Connection {
  provider: { id: string };
  accounts: { campaigns: { edges: unknown[] } }[];
}

/** The part of the answer that is read. */
export interface LargeDashboard {
  me: { organization: { connections: Connection[] } };
}

/** Returns thirty days that end this many days before today. */
export function monthBefore(days: number): { start: string; end: string } {
  const day = (ago: number) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);
  return { start: day(days + 29), end: day(days) };
}

/** Connects all providers of the agency. */
export async function connectEverything(user: ApiClient): Promise<void> {
  for (const provider of PROVIDERS) await user.connect(provider, 'vera');
}

/** Returns the minimum of calls by the simulator's provider names. */
export function fewestCalls({ me }: LargeDashboard): Record<string, number> {
  const accountsAt = (id: string) =>
    me.organization.connections.find(({ provider }) => provider.id === id)?.accounts.length ?? 0;
  return {
    // No call spans several customers, properties, sites or business accounts.
    'google-ads': accountsAt('google-ads'),
    'google-analytics': accountsAt('google-analytics'),
    'search-console': accountsAt('search-console'),
    'business-profile': accountsAt('business-profile'),
    // Campaigns and figures of each account, fifty calls per batch.
    meta: Math.ceil((2 * accountsAt('meta-ads')) / META_BATCH),
    // A list per account, and one call for all figures.
    linkedin: accountsAt('linkedin-ads') + 1,
    // A page of posts of 30 days, with private metrics, and one of older posts.
    x: 2 * accountsAt('x'),
  };
}
