import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { availableParallelism, loadavg } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type Stripe from 'stripe';
import type { DataSource } from 'typeorm';
import { registerEndpoint } from '#billing/events/register-endpoint.js';
import { signingSecrets } from '#billing/events/signing-secrets.js';
import { billing } from '#billing/index.js';
import { customerOf } from '#billing/services/customer-of.js';
import { priceIdOf } from '#billing/stripe/catalogue.js';
import { stripeOf } from '#billing/stripe/stripe-client.js';
import { syncCustomer } from '#billing/sync/sync-customer.js';
import { parseConfig } from '#runtime/config/config.js';
import { beginTrial } from '#runtime/entitlements/entitlements.js';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { openBaseServices, openServices, type Services } from '#runtime/services.js';
import { openBenchSite } from './bench-site.js';
import { measureEntitlementCheck } from './billing/entitlement-check.js';
import { floodWithEvents } from './billing/webhook-flood.js';
import { rowPrinter } from './report.js';
import { round, waitingOf } from './statistics.js';

// `npm run bench:billing [-- --scale 0.1]`: receiving 200 events of Stripe a second for a minute, beside a program that only verifies and
// stores them; how fast they are applied; how long it takes from a change at Stripe to the entitlement; what an entitlement check costs.
// Goal: p99 of receiving below 50 ms.

const CUSTOMERS = 100;
const PER_SECOND = 200;
const SECONDS = 60;
const CHANGES = 40;
const PLAIN = fileURLToPath(new URL('./billing/plain-receiver.js', import.meta.url));

const logger = createLogger({ level: 'silent', isPretty: false });
const print = (line: string) => void process.stdout.write(`${line}\n`);
const row = rowPrinter(52, 16);
const ms = (value: number) => `${value.toFixed(1)} ms`;

interface Buyer {
  organizationId: string;
  subscription: Stripe.Subscription;
}

async function buy(context: { services: Services; database: DataSource }): Promise<Buyer> {
  const { services } = context;
  const stripe = await stripeOf(services);
  const organizationId = randomUUID();
  await beginTrial(services.operations, { organizationId, now: services.now() });
  const { customerId: customer } = await customerOf(context, organizationId);
  const { id: method } = await stripe.paymentMethods.attach('pm_card_visa', { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method } });
  const price = await priceIdOf(services, { planId: 'starter', interval: 'MONTH', currency: 'EUR' });
  const subscription = await stripe.subscriptions.create({ customer, items: [{ price }] });
  await syncCustomer(context, { organizationId });
  return { organizationId, subscription };
}

async function startPlain(lifecycle: Lifecycle, databaseUrl: string, secret: string): Promise<string> {
  const child = spawn(process.execPath, [PLAIN, databaseUrl, secret], { stdio: ['ignore', 'pipe', 'inherit'] });
  lifecycle.onClose('Plain receiver', async () => {
    const ended = once(child, 'exit');
    if (child.kill('SIGTERM')) await ended;
  });
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return url;
}

const waiting = async (database: DataSource): Promise<number> => {
  const [found] = await database.query(
    `SELECT count(*)::int AS count FROM billing.stripe_event WHERE state = 'RECEIVED'`,
  );
  return found.count;
};

/** Returns the seconds until no event waits. */
async function untilApplied(database: DataSource): Promise<number> {
  const startedAt = performance.now();
  while ((await waiting(database)) > 0) await wait(20);
  return (performance.now() - startedAt) / 1_000;
}

/** Changes plans at the simulator, and measures until each entitlement follows. */
async function measureLag({ services, buyers }: { services: Services; buyers: Buyer[] }, changes: number) {
  const stripe = await stripeOf(services);
  const price = await priceIdOf(services, { planId: 'pro', interval: 'MONTH', currency: 'EUR' });
  const times: number[] = [];
  for (const { organizationId, subscription } of buyers.slice(0, changes)) {
    const item = subscription.items.data[0]?.id;
    const startedAt = performance.now();
    await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price }] });
    for (let plan = ''; plan !== 'pro'; await wait(5)) {
      const [found] = await services.operations.query(
        'SELECT plan_id FROM operations.entitlement WHERE organization_id = $1',
        [organizationId],
      );
      plan = found.plan_id;
    }
    times.push(performance.now() - startedAt);
  }
  return waitingOf(times);
}

async function run(lifecycle: Lifecycle): Promise<void> {
  const { flags } = readCommandLine({ scale: { type: 'string' } });
  const scale = Number(flags.scale ?? 1);
  const [loadBefore = 0] = loadavg();
  const customers = Math.max(10, Math.round(CUSTOMERS * scale));
  const seconds = Math.max(3, Math.round(SECONDS * scale));
  const site = await openBenchSite(lifecycle);
  const gateway = await site.startGateway('metrics');
  const config = parseConfig({ NODE_ENV: 'test', DATA_DIR: site.folder, DATABASE_URL: site.databaseUrl });
  const base = openBaseServices({
    ...{ config, logger, lifecycle, simulatorUrl: site.simulatorUrl },
    listeningUrl: () => gateway.url,
  });
  const services = await openServices(base);
  const running = await billing.open(services);
  const database = services.databases.get('billing') as DataSource;
  const context = { services, database };
  await registerEndpoint(context, { url: `${gateway.url}/webhooks/stripe` });
  const [secret = ''] = await signingSecrets(context);
  const buyers: Buyer[] = [];
  while (buyers.length < customers) buyers.push(await buy(context));

  const events = buyers.map(({ subscription }) => ({
    ...{ object: 'event', api_version: '2026-10-28.endive', type: 'customer.subscription.updated', livemode: false },
    ...{ created: Math.floor(Date.now() / 1_000), pending_webhooks: 1, request: { id: null, idempotency_key: null } },
    data: { object: subscription, previous_attributes: {} },
  }));
  const flood = { secret, events, perSecond: PER_SECOND };
  const plainUrl = await startPlain(lifecycle, site.databaseUrl, secret);
  await floodWithEvents({ ...flood, url: plainUrl, seconds: 2 });
  const plain = await floodWithEvents({ ...flood, url: plainUrl, seconds: Math.max(3, Math.round(seconds / 4)) });
  await floodWithEvents({ ...flood, url: gateway.url, seconds: 2 });
  // As the plain program is measured: nothing is applied meanwhile.
  const alone = await floodWithEvents({ ...flood, url: gateway.url, seconds: Math.max(3, Math.round(seconds / 4)) });
  site.startWorker();
  await untilApplied(database);
  const startedAt = performance.now();
  const cpuBefore = await gateway.cpuMs();
  const accepted = await floodWithEvents({ ...flood, url: gateway.url, seconds });
  const cpuMsPerEvent = round(((await gateway.cpuMs()) - cpuBefore) / accepted.sent);
  const behindSeconds = await untilApplied(database);
  const appliedPerSecond = accepted.sent / ((performance.now() - startedAt) / 1_000);
  const once = await floodWithEvents({ ...flood, url: gateway.url, perSecond: customers, seconds: 1 });
  const customersPerSecond = customers / (1 + (await untilApplied(database)));
  const lag = await measureLag({ services, buyers }, Math.max(5, Math.round(CHANGES * scale)));
  const check = await measureEntitlementCheck(services, running.execute, { organizations: 100, batches: 20 });

  print(row('', 'p50', 'p99', 'refused'));
  const rate = `${PER_SECOND} events a second`;
  print(row(`receiving ${rate}`, ms(alone.p50Ms), ms(alone.p99Ms), `${alone.refused}`));
  print(row('  a program that only verifies and stores them', ms(plain.p50Ms), ms(plain.p99Ms), `${plain.refused}`));
  print(
    row(
      `receiving ${rate}, ${seconds} s, while they are applied`,
      ms(accepted.p50Ms),
      ms(accepted.p99Ms),
      `${accepted.refused}`,
    ),
  );
  print(row('  CPU of the gateway for each', `${cpuMsPerEvent} ms`));
  print(row('from a change at Stripe to the entitlement', ms(lag.p50Ms), ms(lag.p99Ms)));
  print(row('events applied a second, meanwhile', appliedPerSecond.toFixed(0), `${behindSeconds.toFixed(1)} s behind`));
  print(row('customers read and stored a second', customersPerSecond.toFixed(1)));
  print(row('entitlement check, known for 10 s', `${check.known.median} us`));
  print(row('entitlement check, row read', `${check.read.median} us`));
  print(row('  asking billing instead, in this process', `${check.asked.median} us`));
  const ratios = {
    receivingP50VsPlain: round(alone.p50Ms / plain.p50Ms),
    receivingP99VsPlain: round(alone.p99Ms / plain.p99Ms),
    checkVsAsking: round(check.known.median / check.asked.median, 4),
  };
  const machine = { cores: availableParallelism(), loadBefore: round(loadBefore, 1) };
  const figures = {
    machine,
    customers,
    alone,
    accepted,
    plain,
    cpuMsPerEvent,
    behindSeconds,
    appliedPerSecond,
    once,
    customersPerSecond,
    lag,
    check,
  };
  print(JSON.stringify({ bench: 'billing', ratios, figures }));
}

const all = new Lifecycle(logger);
await all
  .run(async () => {
    await run(all);
    await all.close();
  })
  .catch((error: unknown) => exitWith(error, 'The benchmark did not come to its end.'));
