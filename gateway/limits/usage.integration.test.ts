import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { billing } from '#billing/index.js';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { testJobRun } from '#ops/testing/job-run.js';
import { givePlan, openTestServices } from '#ops/testing/test-services.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { openUsage } from './usage.js';
import { UsageCounter } from './usage-counter.js';

let now = new Date('2026-11-28T23:59:59.900Z');
let services: Services;
let running: RunningSubgraph;
let database: pg.Client;

beforeAll(async () => {
  services = await openTestServices({ now: () => now, isSold: true });
  running = await billing.open(services);
  database = new pg.Client({ connectionString: services.databaseUrl });
  await database.connect();
  services.lifecycle.onClose('Test connection', () => database.end());
});
afterAll(() => services.lifecycle.close());

const caller = (organizationId: string, kind: Identity['kind'] = 'user'): Identity => ({
  ...{ kind, organizationId, userId: randomUUID(), role: 'VIEWER', requestId: 'test' },
  scopes: ['read:billing'],
});

async function openOrganization(): Promise<string> {
  const organizationId = randomUUID();
  await givePlan(services, { organizationId, planId: 'pro' });
  return organizationId;
}

const READ = /* GraphQL */ `
  query ($of: [_Any!]!, $range: DateRangeInput) {
    _entities(representations: $of) { ... on Organization { usage(range: $range) { organizationId date requests cost } } }
  }
`;

async function read(organizationId: string, range?: object) {
  const variables = { of: [{ __typename: 'Organization', id: organizationId }], range };
  const { data, errors } = await running.execute({ query: READ, variables }, caller(organizationId));
  const [organization] = (data?._entities ?? []) as { usage: Record<string, unknown>[] }[];
  const problems = errors?.[0]?.extensions?.details as { problem: string }[] | undefined;
  return { days: organization?.usage ?? [], problem: problems?.[0]?.problem };
}

/** Days with use, as "date requests cost". */
const usedOn = async (organizationId: string) =>
  (await read(organizationId)).days
    .filter(({ requests, cost }) => requests !== 0 || cost !== 0)
    .map(({ date, requests, cost }) => `${date} ${requests} ${cost}`);

const at = (instant: string) => {
  now = new Date(instant);
};

it('what gateways count is added up by day in UTC, once however often a batch is sent, and kept while billing is away', async () => {
  at('2026-11-28T23:59:59.900Z');
  const [ours, theirs, erased] = [await openOrganization(), await openOrganization(), randomUUID()];
  const sent: unknown[] = [];
  let failing: 'before' | 'after' | undefined;
  const open = () =>
    openUsage(services, {
      execute: async (operation, { identity }) => {
        sent.push(operation.variables);
        if (failing === 'before') throw new Error('billing is away');
        const answer = await running.execute(operation, identity);
        if (failing === 'after') throw new Error('the answer was lost');
        return answer as never;
      },
    });
  // What they count is sent when the test says so, and not by a timer.
  jest.useFakeTimers();
  const [one, two] = [open(), open()];
  jest.useRealTimers();

  for (const counter of [one, two]) {
    counter.countRequest(caller(ours));
    counter.countCost(caller(ours, 'apiKey'), 40);
  }
  for (const kind of ['service', 'anonymous', 'share'] as const) one.countRequest(caller(ours, kind));
  one.countRequest({ kind: 'user', userId: randomUUID(), scopes: [], requestId: 'without organization' });
  at('2026-11-29T00:00:00.000Z');
  one.countRequest(caller(ours));
  one.countRequest(caller(theirs));
  one.countRequest(caller(erased));
  await Promise.all([one.flush(), two.flush()]);
  expect(await usedOn(ours)).toEqual(['2026-11-28 2 80', '2026-11-29 1 0']);
  expect(await usedOn(theirs)).toEqual(['2026-11-29 1 0']);
  const { rows } = await database.query('SELECT FROM billing.usage_day WHERE organization_id = $1', [erased]);
  expect(rows).toEqual([]);

  // Recorded, and the answer lost: what is counted meanwhile is not in the batch that is sent again.
  failing = 'after';
  one.countCost(caller(ours), 5);
  await one.flush();
  one.countCost(caller(ours), 2 ** 40);
  failing = 'before';
  await one.flush();
  failing = undefined;
  await one.flush();
  expect(sent.slice(-4).map((batch) => (batch as { sequence: number }).sequence)).toEqual([2, 2, 2, 3]);
  expect(await usedOn(ours)).toEqual(['2026-11-28 2 80', `2026-11-29 1 ${5 + 2 ** 40}`]);

  // At a stop the rest is sent, also after an attempt that fails at that moment.
  two.countRequest(caller(ours));
  failing = 'before';
  const attempt = two.flush();
  failing = undefined;
  await Promise.all([attempt, two.close(), one.close()]);
  expect((await usedOn(ours))[1]).toBe(`2026-11-29 2 ${5 + 2 ** 40}`);
});

it('is read by day up to today, at most 366 days, the last 30 by default; kept for 25 months', async () => {
  const organizationId = await openOrganization();
  at('2026-11-29T00:00:00.000Z');
  const { days } = await read(organizationId);
  expect([days.length, days[0]?.date, days.at(-1)]).toEqual([
    30,
    '2026-10-31',
    { organizationId, date: '2026-11-29', requests: 0, cost: 0 },
  ]);
  const datesOf = async (start: string, end: string) =>
    (await read(organizationId, { start, end })).days.map(({ date }) => date);
  expect(await datesOf('2026-11-28', '2026-12-24')).toEqual(['2026-11-28', '2026-11-29']);
  expect((await datesOf('2024-01-01', '2024-12-31')).length).toBe(366);
  for (const [start, end, problem] of [
    ['2025-01-01', '2026-01-02', 'must not be longer than 366 days'],
    ['2026-11-02', '2026-11-01', 'must not end before it starts'],
    ['2026-11-30', '2026-11-30', 'must not start in the future'],
    ['0001-01-01', '0001-01-02', 'must not start before 2000-01-01'],
  ] as const) {
    expect(await read(organizationId, { start, end })).toEqual({ days: [], problem });
  }

  await database.query(
    `INSERT INTO billing.usage_day (organization_id, date, requests, cost)
     SELECT $1, date::date, 1, 1 FROM unnest(ARRAY['2024-10-28', '2024-10-29']) AS date`,
    [organizationId],
  );
  await running.jobs.find(({ name }) => name === 'billing.trim-usage')?.run({} as never, testJobRun());
  const { rows } = await database.query('SELECT date::text FROM billing.usage_day WHERE organization_id = $1', [
    organizationId,
  ]);
  expect(rows).toEqual([{ date: '2024-10-29' }]);
});

it('is recorded for the gateway alone', async () => {
  const organizationId = await openOrganization();
  const record = (identity: Identity, requests: number) => {
    const query = `mutation ($of: ID!, $requests: Long!) { recordUsage(source: "${randomUUID()}", sequence: 1, days: [
      { organizationId: $of, date: "2026-11-29", requests: $requests, cost: 0 }]) }`;
    return running.execute({ query, variables: { of: organizationId, requests } }, identity);
  };
  expect((await record(caller(organizationId), 1)).errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  expect((await record(caller(organizationId, 'service'), -1)).errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  expect(await usedOn(organizationId)).toEqual([]);
});

it('needs bounded memory, and many days are sent in several batches', async () => {
  const batches: number[] = [];
  const errors: unknown[] = [];
  const logger = {
    ...services.logger,
    error: (details: unknown) => errors.push(details),
  } as unknown as Services['logger'];
  const send = async ({ days }: { days: unknown[] }) => batches.push(days.length);
  const counter = new UsageCounter({ send, now: () => now, logger, maxDays: 2_500 });
  for (let index = 0; index < 2_501; index += 1) counter.countRequest(caller(`organization ${index}`));
  counter.countRequest(caller('organization 1'));
  await counter.close();
  expect(batches).toEqual([1_000, 1_000, 500]);
  expect(errors).toEqual([{ count: 1 }]);
});
