import { isStripeAway } from '#billing/stripe/ask-stripe.js';
import { UnknownCustomer } from '#billing/sync/read-customer.js';
import { type SyncContext, syncCustomer } from '#billing/sync/sync-customer.js';
import { ConfigurationError } from '#runtime/errors.js';
import { isMoney } from './is-money.js';
import type { Pace } from './pace.js';
import { CORRECTED, type Reconciliation, recordDifferences, saveProgress } from './run-record.js';

/** What reading a customer takes. */
const REQUESTS = 7;
const BATCH = 100;

const WAITING = `SELECT FROM billing.stripe_event WHERE state = 'RECEIVED' AND customer_id = $1 LIMIT 1`;

/** Compares an organization with its customer at Stripe, repairs what differs and records it, in one transaction. */
export async function compareOrganization(
  context: SyncContext,
  { organizationId, reconciliationId }: { organizationId: string; reconciliationId: string },
): Promise<void> {
  const { services } = context;
  await syncCustomer(context, { organizationId }, async (manager, { subscription, differences, corrections }) => {
    if (differences.length === 0 && corrections.length === 0) return;
    const customerId = subscription.customerId ?? subscription.formerCustomerIds.at(-1) ?? '';
    const isAwaited = (await manager.query<unknown[]>(WAITING, [customerId])).length > 0;
    const found = differences.map((difference) => ({
      ...{ organizationId, customerId, kind: difference.table, rowId: difference.id, field: difference.field },
      ...{ ours: difference.ours, theirs: difference.theirs, isMoney: isMoney(difference), isAwaited },
    }));
    const corrected = corrections.map((correction) => ({
      ...{ organizationId, customerId, kind: 'subscription' as const, rowId: subscription.stripeSubscriptionId ?? '' },
      ...{ field: CORRECTED, ours: correction, theirs: null, isMoney: true, isAwaited: false },
    }));
    await recordDifferences(manager, { reconciliationId, found: [...corrected, ...found], now: services.now() });
  });
}

/** Whether no other organization could be compared either. */
function isOfAll(error: unknown): boolean {
  return isStripeAway(error) || (error instanceof ConfigurationError && !(error instanceof UnknownCustomer));
}

/** Compares every organization that has a customer, from where the run has come to. Throws when Stripe is away. */
export async function compareOrganizations(context: SyncContext, run: Reconciliation, pace: Pace): Promise<void> {
  const { database, services } = context;
  const next = () =>
    database.query<{ organizationId: string }[]>(
      `SELECT organization_id AS "organizationId" FROM billing.subscription
       WHERE customer_id IS NOT NULL AND ($1::uuid IS NULL OR organization_id > $1) ORDER BY organization_id LIMIT ${BATCH}`,
      [run.afterId],
    );
  for (let batch = await next(); batch.length > 0; batch = await next()) {
    for (const { organizationId } of batch) {
      await pace(REQUESTS);
      try {
        await compareOrganization(context, { organizationId, reconciliationId: run.id });
        run.organizationCount += 1;
      } catch (error) {
        if (isOfAll(error)) throw error;
        run.failedCount += 1;
        services.logger.warn({ err: error, organizationId }, 'An organization could not be compared with Stripe');
      }
      run.afterId = organizationId;
      await saveProgress(database, run);
    }
  }
}
