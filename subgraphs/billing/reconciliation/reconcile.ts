import { isStripeAway } from '#billing/stripe/ask-stripe.js';
import { canSell } from '#billing/stripe/stripe-client.js';
import type { SyncContext } from '#billing/sync/sync-customer.js';
import { ConfigurationError } from '#runtime/errors.js';
import { compareCustomers, compareSubscriptions } from './compare-listed.js';
import { compareOrganizations } from './compare-organizations.js';
import { openPace } from './pace.js';
import {
  beginReconciliation,
  countDifferences,
  findUnfinished,
  type Reconciliation,
  type Step,
  saveProgress,
  steps,
} from './run-record.js';

/** Of the 100 that Stripe allows, and of the 25 in test mode: https://docs.stripe.com/rate-limits */
const REQUESTS_PER_SECOND = { live: 40, test: 10 };

const comparers: Record<Step, typeof compareOrganizations> = {
  ORGANIZATIONS: compareOrganizations,
  CUSTOMERS: compareCustomers,
  SUBSCRIPTIONS: compareSubscriptions,
};

/** Runs `work` unless another process of the installation does so: then it returns undefined. The lock ends with the process. */
async function alone<Result>({ database }: SyncContext, work: () => Promise<Result>): Promise<Result | undefined> {
  const connection = database.createQueryRunner();
  try {
    const name = "hashtext('webmetrics reconciliation')";
    const [row] = await connection.query(`SELECT pg_try_advisory_lock(${name}) AS taken`);
    if (!row?.taken) return undefined;
    try {
      return await work();
    } finally {
      await connection.query(`SELECT pg_advisory_unlock(${name})`);
    }
  } finally {
    await connection.release();
  }
}

async function alertOf({ database, services }: SyncContext, run: Reconciliation): Promise<void> {
  const { differences, moneyDifferences } = await countDifferences(database, run.id);
  const { id: reconciliationId, organizationCount, failedCount } = run;
  const details = { reconciliationId, organizationCount, failedCount, differences, moneyDifferences };
  services.logger.info(details, 'What is stored about subscriptions was compared with Stripe');
  if (moneyDifferences > 0) {
    const message =
      'What was stored about payments differed from what Stripe says, and was repaired: events were lost, or not applied. ' +
      'npm run reconcile -- --last shows what; see whether Stripe reaches POST /webhooks/stripe.';
    services.alerts.raise({
      category: 'payment',
      key: 'reconciliation-money',
      runbook: 'billing-differs',
      message,
      details,
    });
  }
  if (failedCount > 0) {
    const message = 'Some organizations could not be compared with Stripe: the log says which, and why.';
    services.alerts.raise({
      category: 'payment',
      key: 'reconciliation-failed',
      runbook: 'billing-differs',
      message,
      details,
    });
  }
}

async function work(context: SyncContext, run: Reconciliation, signal: AbortSignal): Promise<Reconciliation> {
  const { database, services } = context;
  const { stripe } = services.config;
  const pace = openPace(stripe ? REQUESTS_PER_SECOND[stripe.isLive ? 'live' : 'test'] : null, signal);
  try {
    for (const step of steps.slice(steps.indexOf(run.step))) {
      if (step !== run.step) Object.assign(run, { step, afterId: null });
      await comparers[step](context, run, pace);
    }
  } catch (error) {
    if (!isStripeAway(error) && !signal.aborted) throw error;
    run.problem = signal.aborted ? 'it was stopped' : (error as Error).message;
    services.logger.warn({ err: error, step: run.step }, 'The reconciliation with Stripe waits');
    await saveProgress(database, run);
    return run;
  }
  Object.assign(run, { finishedAt: services.now(), problem: null });
  await saveProgress(database, run);
  await alertOf(context, run);
  return run;
}

export interface ReconcileOptions {
  signal: AbortSignal;
  /** Only goes on with one that was interrupted. */
  continueOnly?: boolean;
}

/**
 * Compares what is stored about every organization with what Stripe says, repairs it, and records what differed; raises an alert
 * when that was money. One that was interrupted is finished first. Returns both, the last unfinished where Stripe is away: it is
 * continued within five minutes; null while another process compares. Throws ConfigurationError where nothing is sold, or Stripe
 * refuses the key.
 */
export async function reconcile(
  context: SyncContext,
  { signal, continueOnly = false }: ReconcileOptions,
): Promise<Reconciliation[] | null> {
  const { database, services } = context;
  if (!canSell(services)) throw new ConfigurationError('Nothing is sold here: there is nothing to compare.');
  const runs = await alone(context, async () => {
    const unfinished = await findUnfinished(database);
    const continued = unfinished ? [await work(context, unfinished, signal)] : [];
    if (continueOnly || continued.some(({ finishedAt }) => finishedAt === null)) return continued;
    return [...continued, await work(context, await beginReconciliation(database, services.now()), signal)];
  });
  return runs ?? null;
}
