import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { billing } from '#billing/index.js';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { testJobRun } from '#ops/testing/job-run.js';
import { openTestServices } from '#ops/testing/test-services.js';
import { standingAt } from '#runtime/entitlements/entitlement.js';
import { beginTrial, readEntitlement } from '#runtime/entitlements/entitlements.js';
import type { Services } from '#runtime/services.js';

const HOUR_MS = 3_600_000;
const signedUpAt = new Date('2026-10-01T22:30:00Z');
let now = signedUpAt;
let services: Services;
let workers: RunningSubgraph[];
/** What auth says of each organization; absent = it is gone. */
const organizations = new Map<string, { timeZone: string }>();
let isAuthAway = false;
let close: () => Promise<void>;

const managers = ['Ada', 'Ben'].map((name) => ({ id: randomUUID(), name, email: `${name.toLowerCase()}@example.com` }));

beforeAll(async () => {
  const opened = await openTestServices({ now: () => now });
  close = () => opened.lifecycle.close();
  const query = async (_operation: unknown, { organizationId }: { organizationId: string }) => {
    if (isAuthAway) throw new Error('The gateway is away.');
    const known = organizations.get(organizationId);
    return { organization: known ? { name: 'Northwind', ...known, billingManagers: managers } : null };
  };
  services = { ...opened, graph: { ...opened.graph, query: query as Services['graph']['query'] } };
  workers = [await billing.open(services)];
  // Another process of the same installation.
  workers.push({ ...workers[0] } as RunningSubgraph);
});

afterAll(() => close());

beforeEach(() => {
  now = signedUpAt;
  isAuthAway = false;
});

async function signUp(timeZone = 'Europe/Berlin'): Promise<string> {
  const organizationId = randomUUID();
  organizations.set(organizationId, { timeZone });
  await beginTrial(services.operations, { organizationId, now });
  return organizationId;
}

/** Runs each job of billing that follows the clock, in two processes at once. */
async function runJobs(): Promise<PromiseSettledResult<unknown>[]> {
  const outcomes: PromiseSettledResult<unknown>[] = [];
  for (const name of ['billing.follow-clock', 'billing.plan-notices', 'billing.send-notices']) {
    const runs = workers.map(({ jobs }) => jobs.find((job) => job.name === name)?.run({} as never, testJobRun()));
    outcomes.push(...(await Promise.allSettled(runs)));
  }
  return outcomes;
}

async function liveUntil(end: string, { stepMs = HOUR_MS } = {}): Promise<void> {
  for (; now < new Date(end); now = new Date(now.getTime() + stepMs)) {
    for (const { status, ...outcome } of await runJobs())
      expect({ ...outcome, status }).toMatchObject({ status: 'fulfilled' });
    await services.operations.query(
      `UPDATE operations.mail SET created_at = $1 WHERE created_at > now() - interval '1 hour'`,
      [now],
    );
  }
}

interface StoredMail {
  createdAt: Date;
  kind: string;
  recipient: string;
  subject: string;
  status: string;
}

const mailsOf = (organizationId: string) =>
  services.operations.query<StoredMail[]>(
    `SELECT created_at AS "createdAt", kind, recipient, subject, status FROM operations.mail
     WHERE organization_id = $1 ORDER BY created_at, recipient`,
    [organizationId],
  );

const listed = async (organizationId: string) =>
  (await mailsOf(organizationId))
    .filter(({ recipient }) => recipient === managers[0]?.email)
    .map(({ createdAt, kind }) => `${createdAt.toISOString().slice(0, 13)} ${kind}`);

const buy = (organizationId: string, columns: Record<string, unknown>) =>
  services.operations.query(
    `UPDATE billing.subscription SET ${Object.keys(columns)
      .map((name, index) => `${name} = $${index + 2}`)
      .join(', ')}
     WHERE organization_id = $1`,
    [organizationId, ...Object.values(columns)],
  );

describe('a trial', () => {
  it('has two mails in the morning of the organization, each once, and ends read-only', async () => {
    const berlin = await signUp();
    const tokyo = await signUp('Asia/Tokyo');
    const chosen = await signUp();
    await liveUntil('2026-10-01T23:00:00Z');
    await buy(chosen, { free_since: now });
    for (const hour of ['12T22', '13T05', '15T22', '16T05']) {
      now = new Date(`2026-10-${hour}:00:00Z`);
      await liveUntil(new Date(now.getTime() + 2 * HOUR_MS).toISOString());
    }
    await liveUntil('2026-10-24T00:00:00Z', { stepMs: 48 * HOUR_MS });
    // The trials end on the 16th at 00:30 in Berlin and at 07:30 in Tokyo.
    expect(await listed(berlin)).toEqual(['2026-10-13T06 billing-trial-ending', '2026-10-16T06 billing-trial-ended']);
    expect(await listed(tokyo)).toEqual(['2026-10-12T23 billing-trial-ending', '2026-10-15T23 billing-trial-ended']);
    expect(await listed(chosen)).toEqual([]);
    expect((await mailsOf(berlin)).map(({ recipient }) => recipient)).toEqual(
      ['ada', 'ben', 'ada', 'ben'].map((name) => `${name}@example.com`),
    );
    const stored = await readEntitlement(services.operations, { organizationId: berlin });
    expect(stored).toMatchObject({ planId: 'free', access: 'READ_ONLY', next: null });
    const free = await readEntitlement(services.operations, { organizationId: chosen });
    expect(free && standingAt(free, now)).toEqual({ planId: 'free', access: 'FULL' });
  });
});

describe('a clock that was ahead', () => {
  it('has ended no trial for good', async () => {
    const organizationId = await signUp();
    await runJobs();
    now = new Date('2026-12-01T00:00:00Z');
    await runJobs();
    expect(await readEntitlement(services.operations, { organizationId })).toMatchObject({ access: 'READ_ONLY' });
    now = new Date('2026-10-05T00:00:00Z');
    await runJobs();
    expect(await readEntitlement(services.operations, { organizationId })).toMatchObject({
      ...{ planId: 'pro', access: 'FULL' },
      next: { at: new Date('2026-10-15T22:30:00Z'), planId: 'free', access: 'READ_ONLY' },
    });
  });
});

describe('a mail', () => {
  const planned = (organizationId: string) =>
    services.operations.query<{ kind: string; outcome: string | null }[]>(
      'SELECT kind, outcome FROM billing.notice WHERE organization_id = $1 ORDER BY kind',
      [organizationId],
    );

  it('waits while auth is away, and is not written when it is no longer true then', async () => {
    const organizationId = await signUp();
    const patient = await signUp();
    now = new Date('2026-10-13T06:00:00Z');
    isAuthAway = true;
    const outcomes = await runJobs();
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(2);
    expect(await mailsOf(organizationId)).toEqual([]);
    await buy(organizationId, { status: 'active', plan_id: 'pro', period_end: new Date('2026-11-12T00:00:00Z') });
    isAuthAway = false;
    await runJobs();
    expect(await planned(organizationId)).toEqual([{ kind: 'TRIAL_ENDING', outcome: 'OBSOLETE' }]);
    expect((await mailsOf(patient)).map(({ kind }) => kind)).toEqual(Array(2).fill('billing-trial-ending'));
  });

  it('that is not delivered yet is withdrawn when it is no longer true', async () => {
    const organizationId = await signUp();
    now = new Date('2026-10-13T07:00:00Z');
    await runJobs();
    expect((await mailsOf(organizationId)).map(({ status }) => status)).toEqual(['QUEUED', 'QUEUED']);
    await buy(organizationId, { free_since: now });
    await runJobs();
    expect((await mailsOf(organizationId)).map(({ status }) => status)).toEqual(['SUPPRESSED', 'SUPPRESSED']);
  });

  it('after an outage is about what still holds, and none is written for an organization that is gone', async () => {
    const organizationId = await signUp();
    const gone = await signUp();
    await runJobs();
    organizations.delete(gone);
    now = new Date('2026-10-18T12:00:00Z');
    await runJobs();
    expect((await mailsOf(organizationId)).map(({ subject }) => subject)).toEqual(
      Array(2).fill('Your trial has ended'),
    );
    expect(await mailsOf(gone)).toEqual([]);
    expect(await planned(gone)).toEqual([{ kind: 'TRIAL_ENDED', outcome: 'OBSOLETE' }]);
    const late = await signUp();
    await runJobs();
    now = new Date('2026-11-20T12:00:00Z');
    await runJobs();
    expect(await mailsOf(late)).toEqual([]);
  });

  it('of a yearly renewal and of a card that expires comes 30 days before, once', async () => {
    const organizationId = await signUp();
    await runJobs();
    await buy(organizationId, {
      ...{
        status: 'active',
        plan_id: 'pro',
        interval: 'YEAR',
        currency: 'EUR',
        stripe_subscription_id: `sub_${organizationId}`,
      },
      period_end: new Date('2026-11-20T00:00:00Z'),
    });
    await services.operations.query(
      `INSERT INTO billing.payment_method (id, organization_id, customer_id, type, brand, last4, expiry_month, expiry_year, is_default, created_at)
       VALUES ($1, $2, 'cus_1', 'card', 'visa', '4242', 10, 2026, true, $3)`,
      [`pm_${organizationId}`, organizationId, now],
    );
    for (const hour of ['02T10', '03T10', '20T10', '21T10', '22T10']) {
      now = new Date(`2026-10-${hour}:00:00Z`);
      await liveUntil(new Date(now.getTime() + 1).toISOString());
    }
    expect(await listed(organizationId)).toEqual([
      '2026-10-02T10 billing-card-expiring',
      '2026-10-21T10 billing-renewal',
    ]);
  });
});
