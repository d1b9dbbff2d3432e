import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { testJobRun } from '#ops/testing/job-run.js';
import { givePlan, openTestServices } from '#ops/testing/test-services.js';
import { keepWebhookEvents } from '#ops/testing/webhook-events.js';
import { beginFree, beginTrial } from '#runtime/entitlements/entitlements.js';
import { limitNames } from '#runtime/entitlements/plans.js';
import { anonymous, type Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { billing } from './index.js';

const signedUpAt = '2026-10-01T09:30:00.123Z';
let now = new Date(signedUpAt);
let running: RunningSubgraph;
let database: pg.Client;
let services: Services;
let close: () => Promise<void>;

beforeAll(async () => {
  services = await openTestServices({ now: () => now, isSold: true });
  close = () => services.lifecycle.close();
  running = await billing.open(services);
  database = new pg.Client({ connectionString: services.databaseUrl });
  await database.connect();
  services.lifecycle.onClose('Test connection', () => database.end());
});

afterAll(() => close());

const member = (organizationId: string): Identity => ({
  kind: 'user',
  userId: randomUUID(),
  organizationId,
  role: 'VIEWER',
  scopes: [],
  requestId: 'test',
});

const noCredentials = anonymous('test');

const SUBSCRIPTION = /* GraphQL */ `
  query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      ... on Organization {
        subscription { id status trialEndsAt createdAt plan { id name } }
      }
      ... on OrganizationSubscription { id status plan { id } }
    }
  }
`;

const ask = (representations: Record<string, unknown>[], identity: Identity) =>
  running.execute({ query: SUBSCRIPTION, variables: { representations } }, identity);

const organizationOf = (id: string, createdAt: unknown = signedUpAt) => ({ __typename: 'Organization', id, createdAt });

interface Answer {
  subscription: { id: string; status: string; trialEndsAt: string; createdAt: string; plan: { id: string } };
}

async function readSubscription(organizationId: string): Promise<Answer['subscription']> {
  const { data, errors } = await ask([organizationOf(organizationId)], member(organizationId));
  expect(errors).toBeUndefined();
  const { _entities } = data as { _entities: [Answer] };
  return _entities[0].subscription;
}

async function codeOf(answer: ReturnType<typeof ask>): Promise<unknown> {
  return (await answer).errors?.[0]?.extensions?.code;
}

describe('a subscription', () => {
  it('is an event for webhooks when its trial begins, and once when it has ended', async () => {
    now = new Date(signedUpAt);
    const organizationId = randomUUID();
    await beginTrial(services.operations, { organizationId, now });
    const events = await keepWebhookEvents(services.operations, organizationId);
    const { id: subscriptionId, trialEndsAt } = await readSubscription(organizationId);
    await readSubscription(organizationId);
    const report = () =>
      running.jobs.find(({ name }) => name === 'billing.follow-clock')?.run({} as never, testJobRun());
    now = new Date(Date.parse(trialEndsAt) - 1);
    await report();
    const trialing = { subscriptionId, planId: 'pro', trialEndsAt, status: 'TRIALING' };
    expect(await events()).toEqual([{ type: 'subscription.changed', data: trialing }]);
    now = new Date(trialEndsAt);
    await report();
    await report();
    expect((await events()).slice(1)).toEqual([
      { type: 'subscription.changed', data: { ...trialing, planId: 'free', status: 'TRIAL_ENDED' } },
    ]);
    now = new Date(signedUpAt);
  });
});

describe('plans', () => {
  const PLANS = `{ plans { id name description limits { name limit } prices { interval price { amount currency } }
    overage { limit included unitPrices { amount currency } } } }`;

  it('are public, the smallest first, with every limit and exact prices, also in yen', async () => {
    const { data, errors, cachePolicy } = await running.execute({ query: PLANS }, noCredentials);
    expect(errors).toBeUndefined();
    const offered = data?.plans as any[];
    expect(offered.map(({ id }) => id)).toEqual(['free', 'starter', 'pro', 'agency']);
    for (const { limits } of offered) expect(limits.map(({ name }: { name: string }) => name)).toEqual([...limitNames]);
    expect(offered.map(({ limits }) => limits[0])).toEqual(
      [1, 5, 25, null].map((limit) => ({ name: 'CONNECTIONS', limit })),
    );
    expect(offered.map(({ prices }) => prices.length)).toEqual([0, 8, 8, 8]);
    expect(offered[2].prices).toEqual(
      expect.arrayContaining([
        { interval: 'MONTH', price: { amount: '99.00', currency: 'EUR' } },
        { interval: 'YEAR', price: { amount: '165000', currency: 'JPY' } },
      ]),
    );
    expect(offered.map(({ overage }) => overage?.limit)).toEqual([
      undefined,
      undefined,
      undefined,
      'REPORTS_PER_MONTH',
    ]);
    expect(offered[3].overage).toMatchObject({
      included: 2_000,
      unitPrices: [{ amount: '0.20', currency: 'EUR' }, {}, {}, {}],
    });
    expect(cachePolicy).toEqual({ maxAge: 300, scope: 'PUBLIC' });
  });

  it('limit the requests of an organization, which may still read when its plan is unknown', async () => {
    const organizationId = randomUUID();
    const limitsNow = async () => {
      const identity: Identity = { kind: 'service', organizationId, scopes: [], requestId: 'test' };
      const query = '{ planLimits { requestsPerMinute costPerMinute } }';
      const { data } = await running.execute({ query }, identity);
      return data?.planLimits;
    };
    expect(await limitsNow()).toEqual({ requestsPerMinute: 600, costPerMinute: 600_000 });
    await givePlan(services, { organizationId, planId: 'agency' });
    expect(await limitsNow()).toEqual({ requestsPerMinute: 3_000, costPerMinute: 3_000_000 });
    await givePlan(services, { organizationId, planId: 'gone' });
    expect(await limitsNow()).toEqual({ requestsPerMinute: 600, costPerMinute: 600_000 });
  });
});

describe('the subscription of an organization', () => {
  it('begins as a trial of 14 days from sign-up, and stays the same', async () => {
    const organizationId = randomUUID();
    const first = await readSubscription(organizationId);
    expect(first).toMatchObject({
      status: 'TRIALING',
      createdAt: signedUpAt,
      trialEndsAt: '2026-10-15T09:30:00.123Z',
      plan: { id: 'pro' },
    });
    expect(await readSubscription(organizationId)).toEqual(first);
  });

  it('begins on the plan Free without a trial, the same whoever stores it first', async () => {
    now = new Date(signedUpAt);
    const followClock = running.jobs.find(({ name }) => name === 'billing.follow-clock');
    for (const isRead of [true, false]) {
      const organizationId = randomUUID();
      await beginFree(services.operations, { organizationId, now });
      const events = await keepWebhookEvents(services.operations, organizationId);
      if (!isRead) await followClock?.run({} as never, testJobRun());
      const begun = { status: 'FREE', plan: { id: 'free' }, createdAt: signedUpAt, trialEndsAt: signedUpAt };
      expect(await readSubscription(organizationId)).toMatchObject(begun);
      expect((await events()).map(({ type, data }) => [type, data.status])).toEqual([['subscription.changed', 'FREE']]);
      expect(await services.entitlements.of(organizationId)).toMatchObject({ planId: 'free', access: 'FULL' });
    }
  });

  it('is TRIAL_ENDED once the clock passes the end of the trial', async () => {
    const organizationId = randomUUID();
    now = new Date('2026-10-15T09:30:00.122Z');
    expect((await readSubscription(organizationId)).status).toBe('TRIALING');
    now = new Date('2026-10-15T09:30:00.123Z');
    expect((await readSubscription(organizationId)).status).toBe('TRIAL_ENDED');
  });

  it('has the status of the purchase, once there is one', async () => {
    const organizationId = randomUUID();
    await readSubscription(organizationId);
    await database.query(
      `UPDATE billing.subscription SET plan_id = 'agency', status = 'past_due', period_end = $2 WHERE organization_id = $1`,
      [organizationId, now],
    );
    expect(await readSubscription(organizationId)).toMatchObject({ status: 'PAST_DUE', plan: { id: 'agency' } });
  });

  it('is created once by concurrent first reads', async () => {
    const organizationId = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => readSubscription(organizationId)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    const { rows } = await database.query('SELECT id FROM billing.subscription WHERE organization_id = $1', [
      organizationId,
    ]);
    expect(rows).toHaveLength(1);
  });

  it.each([undefined, null, '', 'yesterday', '2026-13-01T00:00:00Z', 1_760_000_000])(
    'does not begin at %p',
    async (createdAt) => {
      const organizationId = randomUUID();
      const representation = { ...organizationOf(organizationId), createdAt };
      expect(await codeOf(ask([representation], member(organizationId)))).toBe('BAD_USER_INPUT');
    },
  );
});

describe('other callers', () => {
  it('see nothing of another organization, and begin no trial for it', async () => {
    const foreign = randomUUID();
    const { data } = await ask([organizationOf(foreign), organizationOf('no-uuid')], member(randomUUID()));
    expect(data?._entities).toEqual([null, null]);
    const { rows } = await database.query('SELECT id FROM billing.subscription WHERE organization_id = $1', [foreign]);
    expect(rows).toHaveLength(0);
  });

  it('get null for a foreign, unknown or malformed entity', async () => {
    now = new Date(signedUpAt);
    const own = randomUUID();
    const { id } = await readSubscription(own);
    const { id: foreignId } = await readSubscription(randomUUID());
    const representations = [id, foreignId, randomUUID(), 'no-uuid'].map((key) => ({
      __typename: 'OrganizationSubscription',
      id: key,
    }));
    const { data, errors } = await ask(representations, member(own));
    expect(errors).toBeUndefined();
    expect(data?._entities).toEqual([expect.objectContaining({ id, plan: { id: 'pro' } }), null, null, null]);
  });

  it('are refused without credentials', async () => {
    const organizationId = randomUUID();
    expect(await codeOf(ask([organizationOf(organizationId)], noCredentials))).toBe('UNAUTHENTICATED');
    const reference = { __typename: 'OrganizationSubscription', id: randomUUID() };
    expect(await codeOf(ask([reference], noCredentials))).toBe('UNAUTHENTICATED');
  });
});
