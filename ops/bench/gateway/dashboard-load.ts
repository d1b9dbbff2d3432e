import { type Gateway, queryGateway } from '#ops/bench/bench-platform.js';
import type { Workload } from '#ops/bench/workload.js';
import type { Identity } from '#runtime/identity/identity.js';

/** Every campaign of every account: as many objects as a large dashboard has. */
const DASHBOARD = /* GraphQL */ `
  query Dashboard($range: DateRangeInput!) {
    me {
      name
      organization {
        name
        subscription {
          plan {
            name
          }
          status
          trialEndsAt
        }
        connections {
          provider {
            name
          }
          status
          accounts {
            name
            campaigns(range: $range, first: 50) {
              edges {
                node {
                  name
                  status
                  metrics(range: $range) {
                    impressions
                    clicks
                    cost {
                      amount
                      currency
                    }
                    conversions
                  }
                }
              }
            }
          }
        }
        reports(first: 5) {
          edges {
            node {
              title
              status
              createdBy {
                name
              }
            }
          }
        }
      }
    }
  }
`;

export const RANGES = [
  { start: '2026-10-01', end: '2026-10-07' },
  { start: '2026-09-01', end: '2026-09-30' },
  { start: '2026-10-01', end: '2026-10-31' },
  { start: '2026-07-01', end: '2026-09-30' },
];

export interface DashboardRequest {
  user: Identity;
  range: { start: string; end: string };
}

/** The part of the answer that is read. */
export interface Dashboard {
  me: {
    name: string;
    organization: {
      name: string;
      subscription: object;
      connections: { accounts: { campaigns: { edges: object[] } }[] }[];
      reports: { edges: { node: object }[] };
    };
  };
}

/** Returns every distinct request, user by user, then for the next range. */
export function dashboardRequests(users: Identity[]): DashboardRequest[] {
  return RANGES.flatMap((range) => users.map((user) => ({ user, range })));
}

function ask(gateway: Gateway, { user, range }: DashboardRequest): Promise<Dashboard> {
  return queryGateway<Dashboard>(gateway, user, DASHBOARD, { range });
}

/** Returns the dashboard query as a workload. */
export function dashboardAsk(gateway: Gateway, requests: DashboardRequest[]): Workload {
  return (iteration) => ask(gateway, requests[iteration % requests.length] as DashboardRequest);
}

/** Returns the answers to these requests. */
export async function dashboardAnswers(gateway: Gateway, requests: DashboardRequest[]): Promise<Dashboard[]> {
  const answers: Dashboard[] = [];
  for (const request of requests) answers.push(await ask(gateway, request));
  return answers;
}
