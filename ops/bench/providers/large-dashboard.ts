import type { ApiClient } from '#gateway/demo/api-client.js';

// What an agency with seven connections and twenty accounts at each has on its screen: the simulator's Vera.

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
        connections {
          provider { id }
          status
          accounts {
            name
            campaigns(range: $range, first: 50) {
              edges { node { name status metrics { impressions clicks cost { amount currency } conversions } } }
            }
            events(range: $range, first: 10) { edges { node { name count } } }
            searchQueries(range: $range, first: 10) { edges { node { keys clicks } } }
            posts(range: $range, first: 10) { edges { node { text } } }
            locations(first: 10) { edges { node { name } } }
          }
        }
      }
    }
  }
`;

export interface Connection {
  provider: { id: string };
  accounts: { campaigns: { edges: unknown[] } }[];
}

/** What the dashboard answers, as far as somebody looks into it. */
export interface LargeDashboard {
  me: { organization: { connections: Connection[] } };
}

/** Thirty days that end so many days before today. */
export function monthBefore(days: number): { start: string; end: string } {
  const day = (ago: number) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);
  return { start: day(days + 29), end: day(days) };
}

/** Gives somebody new everything the agency has. */
export async function connectEverything(person: ApiClient): Promise<void> {
  for (const provider of PROVIDERS) await person.connect(provider, 'vera');
}

/** Returns the fewest calls that can answer the dashboard, by the simulator's names of the providers. */
export function fewestCalls({ me }: LargeDashboard): Record<string, number> {
  const accountsAt = (id: string) =>
    me.organization.connections.find(({ provider }) => provider.id === id)?.accounts.length ?? 0;
  return {
    // No call spans customers, properties, sites or business accounts.
    'google-ads': accountsAt('google-ads'),
    'google-analytics': accountsAt('google-analytics'),
    'search-console': accountsAt('search-console'),
    'business-profile': accountsAt('business-profile'),
    // Campaigns and figures of each account, fifty of them in a batch.
    meta: Math.ceil((2 * accountsAt('meta-ads')) / META_BATCH),
    // A list for each account, and the figures of all of them together.
    linkedin: accountsAt('linkedin-ads') + 1,
    // A page of posts of the last 30 days, which tell what only their author may know, and one of those before.
    x: 2 * accountsAt('x'),
  };
}
