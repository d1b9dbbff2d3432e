import { readFileSync } from 'node:fs';
import { ApiClient } from '#gateway/demo/api-client.js';
import type { HttpClient } from '#runtime/http/http-client.js';
import { schemaFile } from '#schema/type-definitions.js';
import { RANGES } from './gateway/dashboard-load.js';
import type { Workload } from './workload.js';

const DASHBOARD = readFileSync(schemaFile('examples/dashboard.graphql'), 'utf8');
const PROVIDERS = ['google-ads', 'meta-ads'];
const REPORTS = 5;
const REPORT = /* GraphQL */ `
  mutation ($range: DateRangeInput!) {
    generateReport(templateId: "campaign-performance", range: $range) { report { id } }
  }
`;

function newUser(index: number) {
  const company = `Organization ${index + 1}`;
  return {
    email: `owner-${index + 1}@example.com`,
    password: 'correct horse battery',
    name: `Owner ${index + 1}`,
    company,
  };
}

/** Logs users in, signing them up first if necessary. */
export async function signInUsers(http: HttpClient, url: string, count: number): Promise<ApiClient[]> {
  const users: ApiClient[] = [];
  for (let index = 0; index < count; index += 1) {
    const user = new ApiClient(http, url);
    await user.signIn(newUser(index));
    users.push(user);
  }
  return users;
}

/** Creates a new user's connections and reports. */
export async function createDashboardData(user: ApiClient): Promise<void> {
  for (const provider of PROVIDERS) await user.connect(provider);
  const range = { start: '2026-10-01', end: '2026-10-31' };
  for (let report = 0; report < REPORTS; report += 1) await user.ask(REPORT, { range });
}

/** Number of iterations before requests repeat. */
export function distinctIterations(users: ApiClient[]): number {
  return users.length * RANGES.length;
}

/** Returns the users' dashboards over HTTP, user by user, then for the next range. */
export function dashboardsOf(users: ApiClient[]): Workload {
  return (iteration) => {
    const user = users[iteration % users.length] as ApiClient;
    const range = RANGES[Math.floor(iteration / users.length) % RANGES.length];
    return user.ask(DASHBOARD, { range });
  };
}
