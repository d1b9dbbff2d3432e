import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import Stripe from 'stripe';
import type { DataSource } from 'typeorm';
import { billing } from '#billing/index.js';
import { customerOf } from '#billing/services/customer-of.js';
import { priceIdOf } from '#billing/stripe/catalogue.js';
import { syncCustomer } from '#billing/sync/sync-customer.js';
import { eventually } from '#ops/testing/eventually.js';
import { openTestServices } from '#ops/testing/test-services.js';
import { keepWebhookEvents } from '#ops/testing/webhook-events.js';
import { beginTrial } from '#runtime/entitlements/entitlements.js';
import { projectRoot } from '#runtime/process/project-root.js';
import type { Services } from '#runtime/services.js';
import { admin } from '#simulator/client-for-tests.js';
import { type Simulator, startSimulator } from '#simulator/index.js';
import { stripeClient } from '#simulator/stripe/client-for-tests.js';
import { receiveEvent } from './receive-event.js';
import { registerEndpoint } from './register-endpoint.js';
import { signingSecrets } from './signing-secrets.js';

/** Programs start slowly on a busy machine. */
const WITHIN_MS = 180_000;
let simulator: Simulator;
let stripe: Stripe;
let services: Services;
let database: DataSource;
let client: pg.Client;
let other: pg.Client;
let close: () => Promise<void>;
const children: ChildProcess[] = [];

beforeAll(async () => {
  simulator = await startSimulator({ quiet: true });
  stripe = stripeClient(simulator);
  services = await openTestServices({ isSold: true, simulatorUrl: simulator.url });
  await billing.open(services);
  database = services.databases.get('billing') as DataSource;
  client = new pg.Client(services.databaseUrl);
  other = new pg.Client(services.databaseUrl);
  await Promise.all([client.connect(), other.connect()]);
  close = async () => {
    await Promise.all([client.end(), other.end()]);
    await services.lifecycle.close();
    await simulator.close();
  };
  await registerEndpoint({ database, services }, { url: 'http://127.0.0.1:9/webhooks/stripe' });
  const [endpoint] = (await stripe.webhookEndpoints.list()).data;
  // This test delivers the events.
  await stripe.webhookEndpoints.update(endpoint?.id ?? '', { disabled: true });
});
afterAll(async () => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  await close();
});

/** Starts `npm run worker -- billing`. */
function startWorker(): ChildProcess {
  const child = spawn(process.execPath, [join(projectRoot, 'dist/subgraphs/work.js'), 'billing'], {
    env: {
      ...{ PATH: join(process.execPath, '..'), NODE_ENV: 'test', LOG_LEVEL: 'silent', SIMULATOR_URL: simulator.url },
      ...{ DATABASE_URL: services.databaseUrl, DATA_DIR: services.config.dataDir, GATEWAY_URL: 'http://127.0.0.1:9' },
    },
    stdio: 'ignore',
  });
  children.push(child);
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

/** Buys a plan at Stripe and stores the events of it. */
async function buy(): Promise<{ organizationId: string; customer: string; changes: () => Promise<unknown[]> }> {
  const organizationId = randomUUID();
  await beginTrial(services.operations, { organizationId, now: services.now() });
  const { customerId: customer } = await customerOf({ services, database }, organizationId);
  const read = await keepWebhookEvents(services.operations, organizationId);
  const { id: method } = await stripe.paymentMethods.attach('pm_card_visa', { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method } });
  const price = await priceIdOf(services, { planId: 'starter', interval: 'MONTH', currency: 'EUR' });
  await stripe.subscriptions.create({ customer, items: [{ price }] });
  const [secret = ''] = await signingSecrets({ database, services });
  const signer = new Stripe('sk_test_0123456789', { telemetry: false }).webhooks;
  for (const event of await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 })) {
    const body = JSON.stringify(event);
    const timestamp = Math.floor(services.now().getTime() / 1000);
    const signature = signer.generateTestHeaderString({ payload: body, secret, timestamp });
    if (body.includes(customer)) await receiveEvent({ services, database }, { body, signature });
  }
  const changes = async () => (await read()).map(({ data }) => data.status);
  return { organizationId, customer, changes };
}

const one = async <Row>(statement: string, values: unknown[]): Promise<Row> => {
  const [row] = await database.query<Row[]>(statement, values);
  return row as Row;
};
const eventsOf = (customer: string) =>
  one<{ received: number; attempted: number; applied: number; all: number }>(
    `SELECT count(*) FILTER (WHERE state = 'RECEIVED')::int AS received, count(*) FILTER (WHERE attempts > 0)::int AS attempted,
       count(*) FILTER (WHERE state = 'APPLIED')::int AS applied, count(*)::int AS all
     FROM billing.stripe_event WHERE customer_id = $1`,
    [customer],
  );
const syncsOf = async (organizationId: string) =>
  (await one<{ syncs: number }>('SELECT syncs FROM billing.subscription WHERE organization_id = $1', [organizationId]))
    .syncs;
const isFaultPending = async () => ((await admin(simulator, 'faults')).body as unknown[]).length > 0;
const isClaimed = async (customer: string) => (await eventsOf(customer)).attempted > 0;

interface Given {
  organizationId: string;
  customer: string;
}

/** Waits until a statement about a table waits for a lock. */
const untilHeldUp = (table: string) =>
  eventually(
    `a statement about ${table} waits`,
    async () => {
      const { waiting } = await one<{ waiting: number }>(
        `SELECT count(*)::int AS waiting FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%' || $1 || '%'`,
        [table],
      );
      return waiting > 0;
    },
    WITHIN_MS,
  );

async function holdSubscription(holder: pg.Client, { organizationId }: Given): Promise<void> {
  await holder.query('BEGIN');
  await holder.query('SELECT FROM billing.subscription WHERE organization_id = $1 FOR UPDATE', [organizationId]);
}

/** Each holds the worker up at a moment, and returns once it is there. */
const moments: [name: string, stored: boolean, prepare: (given: Given) => Promise<() => Promise<void>>][] = [
  [
    'while it asks Stripe',
    false,
    async ({ customer }) => {
      await admin(simulator, 'faults', { provider: 'stripe', kind: 'hang', match: `/v1/customers/${customer}` });
      return () =>
        eventually('a request hangs', async () => (await isClaimed(customer)) && !(await isFaultPending()), WITHIN_MS);
    },
  ],
  [
    'in the transaction that stores what Stripe says',
    false,
    async (given) => {
      await holdSubscription(client, given);
      return () => untilHeldUp('subscription');
    },
  ],
  [
    'after it has stored that, before the events are settled',
    true,
    async (given) => {
      const { organizationId, customer } = given;
      await holdSubscription(other, given);
      const before = await syncsOf(organizationId);
      return async () => {
        await untilHeldUp('subscription');
        await client.query('BEGIN');
        await client.query('SELECT FROM billing.stripe_event WHERE customer_id = $1 FOR UPDATE', [customer]);
        await other.query('ROLLBACK');
        await untilHeldUp('stripe_event');
        expect(await syncsOf(organizationId)).toBeGreaterThan(before);
      };
    },
  ],
];

describe('a worker that is killed while it applies events', () => {
  it.each(moments)('%s, loses none and does nothing twice', async (_name, isStored, prepare) => {
    const given = await buy();
    const { organizationId, customer, changes } = given;
    const { all } = await eventsOf(customer);
    expect(all).toBeGreaterThan(3);
    const isThere = await prepare(given);
    const killed = startWorker();
    await isThere();
    await end(killed, 'SIGKILL');
    // A statement that waits for a lock does not notice that its client is gone, and would have its effect after all.
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    await client.query('ROLLBACK');
    expect(await eventsOf(customer)).toMatchObject({ received: all, applied: 0 });
    const expected = isStored ? ['ACTIVE'] : [];
    expect(await changes()).toEqual(expected);

    // Its lease ends; nothing else brings them back.
    await database.query("UPDATE billing.stripe_event SET due_at = now() WHERE state = 'RECEIVED'");
    const next = startWorker();
    await eventually('the events are applied', async () => (await eventsOf(customer)).applied === all, WITHIN_MS);
    await end(next, 'SIGTERM');
    expect(await changes()).toEqual(['ACTIVE']);
    const { payments, notices } = await one<{ payments: number; notices: number }>(
      `SELECT (SELECT count(*)::int FROM billing.payment WHERE organization_id = $1) AS payments,
         (SELECT count(*)::int FROM billing.notice WHERE organization_id = $1 AND kind = 'PAYMENT_SUCCEEDED') AS notices`,
      [organizationId],
    );
    expect({ payments, notices }).toEqual({ payments: 1, notices: 1 });
    const again = await syncCustomer({ services, database }, { organizationId });
    expect(again?.differences).toEqual([]);
  });
});
