import { readFileSync } from 'node:fs';
import { ApiClient } from '#gateway/demo/api-client.js';
import type { HttpClient } from '#runtime/http/http-client.js';
import { schemaFile } from '#schema/type-definitions.js';
import { RANGES } from './gateway/dashboard-load.js';
import type { Ask } from './side-by-side.js';

const DASHBOARD = readFileSync(schemaFile('examples/dashboard.graphql'), 'utf8');
const PROVIDERS = ['google-ads', 'meta-ads'];
const REPORTS = 5;
const REPORT = /* GraphQL */ `
  mutation ($range: DateRangeInput!) {
    generateReport(templateId: "campaign-performance", range: $range) { report { id } }
  }
`;

/** Somebody with an organization of their own. */
function newcomer(place: number) {
  const company = `Organization ${place + 1}`;
  return {
    email: `owner-${place + 1}@example.com`,
    password: 'correct horse battery',
    name: `Owner ${place + 1}`,
    company,
  };
}

/** Signs people in at a gateway, and up where they are not yet. They know only this gateway. */
export async function signInPeople(http: HttpClient, url: string, count: number): Promise<ApiClient[]> {
  const people: ApiClient[] = [];
  for (let place = 0; place < count; place += 1) {
    const person = new ApiClient(http, url);
    await person.signIn(newcomer(place));
    people.push(person);
  }
  return people;
}

/** Gives somebody new what a dashboard shows. */
export async function furnish(person: ApiClient): Promise<void> {
  for (const provider of PROVIDERS) await person.connect(provider);
  const range = { start: '2026-10-01', end: '2026-10-31' };
  for (let report = 0; report < REPORTS; report += 1) await person.ask(REPORT, { range });
}

/** How many turns ask for something else than each other. */
export function differentTurns(people: ApiClient[]): number {
  return people.length * RANGES.length;
}

/** Returns how these people ask for their dashboards by turns, over HTTP: one after the other, then all for the next range. */
export function dashboardsOf(people: ApiClient[]): Ask {
  return (turn) => {
    const person = people[turn % people.length] as ApiClient;
    const range = RANGES[Math.floor(turn / people.length) % RANGES.length];
    return person.ask(DASHBOARD, { range });
  };
}

/** Asks so many turns, so many at a time. Rejects when one is not answered as it should be. */
export async function askTurns(ask: Ask, turns: number, concurrency: number): Promise<void> {
  let turn = 0;
  const askAgainAndAgain = async () => {
    while (turn < turns) await ask(turn++);
  };
  await Promise.all(Array.from({ length: concurrency }, askAgainAndAgain));
}

/** Asks for so long, so many at a time. Rejects when one is not answered as it should be. */
export async function askFor(ask: Ask, milliseconds: number, concurrency: number): Promise<void> {
  const end = performance.now() + milliseconds;
  let turn = 0;
  const askAgainAndAgain = async () => {
    while (performance.now() < end) await ask(turn++);
  };
  await Promise.all(Array.from({ length: concurrency }, askAgainAndAgain));
}
