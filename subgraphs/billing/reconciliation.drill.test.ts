import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import { openTestServices } from '#ops/testing/test-services.js';
import { beginTrial } from '#runtime/entitlements/entitlements.js';
import { projectRoot } from '#runtime/process/project-root.js';
import type { Services } from '#runtime/services.js';
import { admin } from '#simulator/client-for-tests.js';
import { type Simulator, startSimulator } from '#simulator/index.js';
import { stripeClient } from '#simulator/stripe/client-for-tests.js';
import { billing } from './index.js';
import { customerOf } from './services/customer-of.js';
import { priceIdOf } from './stripe/catalogue.js';
import { syncCustomer } from './sync/sync-customer.js';

const ORGANIZATIONS = 40;
let simulator: Simulator;
let services: Services;
let close: () => Promise<void>;
const children: ChildProcess[] = [];

beforeAll(async () => {
  simulator = await startSimulator({ quiet: true });
  const opened = await openTestServices({ isSold: true, simulatorUrl: simulator.url });
  services = opened;
  close = async () => {
    await opened.lifecycle.close();
    await simulator.close();
  };
  await billing.open(services);
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await close();
});

/** Runs `npm run reconcile`. */
function start(...words: string[]) {
  const child = spawn(process.execPath, ['ops/setup/launch.js', 'subgraphs/billing/reconciliation/main.js', ...words], {
    cwd: projectRoot,
    env: {
      ...{ PATH: join(process.execPath, '..'), NODE_ENV: 'test', LOG_LEVEL: 'error' },
      ...{ DATABASE_URL: services.databaseUrl, DATA_DIR: services.config.dataDir, SIMULATOR_URL: simulator.url },
    },
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const ended = once(child, 'exit').then(([status, signal]) => ({ status, signal, output }));
  return { child, ended };
}

describe('npm run reconcile', () => {
  it('killed in the middle, it goes on where it was: every difference is found once, and the status says that it was money', async () => {
    const stripe = stripeClient(simulator);
    const database = services.databases.get('billing');
    if (!database) throw new Error('billing is not open');
    const context = { services, database };
    const price = await priceIdOf(services, { planId: 'pro', interval: 'MONTH', currency: 'EUR' });
    for (let n = 0; n < ORGANIZATIONS; n += 1) {
      const organizationId = randomUUID();
      await beginTrial(services.operations, { organizationId, now: new Date() });
      const { customerId: customer } = await customerOf(context, organizationId);
      const { id: method } = await stripe.paymentMethods.attach('pm_card_visa', { customer });
      await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method } });
      await stripe.subscriptions.create({ customer, items: [{ price }] });
      await syncCustomer(context, { organizationId });
      const [charge] = (await stripe.charges.list({ customer })).data;
      await stripe.refunds.create({ charge: charge?.id ?? '', amount: 100 + n });
    }
    const compared = async () => {
      const [row] = await database.query('SELECT id, organization_count AS count FROM billing.reconciliation');
      return row as { id: string; count: number } | undefined;
    };
    const [, , , fourth] = await database.query<{ customer_id: string }[]>(
      'SELECT customer_id FROM billing.subscription ORDER BY organization_id',
    );
    const match = `/v1/customers/${fourth?.customer_id}`;
    await admin(simulator, 'faults', { provider: 'stripe', kind: 'hang', match });
    const killed = start();
    await eventually('three organizations are compared', async () => ((await compared())?.count ?? 0) >= 3);
    killed.child.kill('SIGKILL');
    expect(await killed.ended).toMatchObject({ signal: 'SIGKILL' });
    const { id, count } = (await compared()) ?? { id: '', count: 0 };
    expect(count).toBe(3);
    await eventually('PostgreSQL has ended its connections', async () => {
      const [row] = await database.query<{ locks: number }[]>(
        `SELECT count(*)::int AS locks FROM pg_locks JOIN pg_database ON pg_database.oid = database
         WHERE locktype = 'advisory' AND datname = current_database()`,
      );
      return row?.locks === 0;
    });

    const { status, output } = await start().ended;
    expect({ status, output }).toEqual({ status: 1, output: expect.stringContaining('0 differences, 0 of money') });
    expect(output).toContain(`${ORGANIZATIONS} organizations compared with Stripe, 0 could not be`);
    const [{ differing, found, runs }] = await database.query(
      `SELECT count(DISTINCT organization_id)::int AS differing, count(*)::int AS found,
         (SELECT count(*)::int FROM billing.reconciliation WHERE finished_at IS NOT NULL) AS runs
       FROM billing.reconciliation_difference WHERE reconciliation_id = $1 AND field = 'amountRefunded'`,
      [id],
    );
    expect({ differing, found, runs }).toEqual({ differing: ORGANIZATIONS, found: ORGANIZATIONS, runs: 2 });

    const [charge] = (await stripe.charges.list({ limit: 1 })).data;
    await stripe.refunds.create({ charge: charge?.id ?? '', amount: 50 });
    const money = await start().ended;
    expect(money.status).toBe(1);
    expect(money.output).toMatch(/MONEY payment ch_\S+ amountRefunded: \d+ -> \d+/);
    const last = await start('--last', '--json').ended;
    expect(last.status).toBe(1);
    expect(JSON.parse(last.output)).toMatchObject({ organizationCount: ORGANIZATIONS, failedCount: 0, problem: null });
  });

  it('says that nothing was compared when Stripe is away', async () => {
    await simulator.close();
    const { status, output } = await start().ended;
    expect(status).toBe(2);
    expect(output).toMatch(/waits: Stripe cannot be reached/);
  });
});
