import { readFileSync } from 'node:fs';
import { askGateway, type Gateway } from '#ops/bench/bench-platform.js';
import type { Ask } from '#ops/bench/side-by-side.js';
import type { Identity } from '#runtime/identity/identity.js';
import { schemaFile } from '#schema/type-definitions.js';

const DASHBOARD = readFileSync(schemaFile('examples/dashboard.graphql'), 'utf8');

export const RANGES = [
  { start: '2026-10-01', end: '2026-10-07' },
  { start: '2026-09-01', end: '2026-09-30' },
  { start: '2026-10-01', end: '2026-10-31' },
  { start: '2026-07-01', end: '2026-09-30' },
];

export interface DashboardRequest {
  person: Identity;
  range: { start: string; end: string };
}

/** What the query answers, as far as somebody looks into it. */
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

/** Returns every different request: one person after the other, then all of them for the next range. */
export function dashboardRequests(people: Identity[]): DashboardRequest[] {
  return RANGES.flatMap((range) => people.map((person) => ({ person, range })));
}

function ask(gateway: Gateway, { person, range }: DashboardRequest): Promise<Dashboard> {
  return askGateway<Dashboard>(gateway, person, DASHBOARD, { range });
}

/** Returns how a gateway is asked the committed dashboard query, by turns. */
export function dashboardAsk(gateway: Gateway, requests: DashboardRequest[]): Ask {
  return (turn) => ask(gateway, requests[turn % requests.length] as DashboardRequest);
}

/** Returns the answers to these requests, asked one by one. */
export async function dashboardAnswers(gateway: Gateway, requests: DashboardRequest[]): Promise<Dashboard[]> {
  const answers: Dashboard[] = [];
  for (const request of requests) answers.push(await ask(gateway, request));
  return answers;
}
