import type Stripe from 'stripe';
import { askStripe } from '#billing/stripe/ask-stripe.js';
import { planOfProduct } from '#billing/stripe/catalogue-ids.js';
import { idOf } from '#billing/stripe/id-of.js';
import { isOngoing } from '#billing/sync/rows-of-customer.js';
import type { SyncContext } from '#billing/sync/sync-customer.js';
import { isRowId } from '#runtime/database/database.js';
import { compareOrganization } from './compare-organizations.js';
import type { Pace } from './pace.js';
import { type FoundDifference, type Reconciliation, recordDifferences, saveProgress } from './run-record.js';

const PAGE = 100;

const KNOWN = `
  SELECT customer_id AS id FROM billing.subscription WHERE customer_id = ANY ($1)
  UNION SELECT unnest(former_customer_ids) FROM billing.subscription WHERE former_customer_ids && $1
  UNION SELECT customer_id FROM billing.invoice WHERE customer_id = ANY ($1)`;

/** Returns which of the customers are of no organization, past ones included. */
async function findUnknown({ database }: SyncContext, customerIds: string[]): Promise<Set<string>> {
  const known = await database.query<{ id: string }[]>(KNOWN, [customerIds]);
  const ids = new Set(known.map(({ id }) => id));
  return new Set(customerIds.filter((id) => !ids.has(id)));
}

/** Gives a customer to its organization, unless that has another one. Returns whether it has it now. */
async function adopt({ database }: SyncContext, customer: Stripe.Customer): Promise<boolean> {
  const organizationId = customer.metadata.organization_id;
  if (!isRowId(organizationId)) return false;
  const [rows] = await database.query<[unknown[], number]>(
    'UPDATE billing.subscription SET customer_id = $2 WHERE organization_id = $1 AND customer_id IS NULL RETURNING id',
    [organizationId, customer.id],
  );
  return rows.length > 0;
}

async function recordUnknown(
  { database, services }: SyncContext,
  run: Reconciliation,
  difference: Pick<FoundDifference, 'customerId' | 'kind' | 'rowId' | 'theirs' | 'isMoney'>,
): Promise<void> {
  const found = { ...difference, organizationId: null, field: '*', ours: null, isAwaited: false };
  await recordDifferences(database, { reconciliationId: run.id, found: [found], now: services.now() });
}

/** Calls `compare` for each page of a list at Stripe, from where the run has come to. */
async function compareList<Item extends { id: string }>(
  { database, services }: SyncContext,
  { run, pace }: { run: Reconciliation; pace: Pace },
  list: (stripe: Stripe, page: { limit: number; starting_after?: string }) => Promise<Stripe.ApiList<Item>>,
  compare: (items: Item[]) => Promise<void>,
): Promise<void> {
  for (let hasMore = true; hasMore; ) {
    await pace(1);
    const page = { limit: PAGE, ...(run.afterId !== null && { starting_after: run.afterId }) };
    const { data, has_more } = await askStripe(services, (stripe) => list(stripe, page));
    await compare(data);
    run.listedCount += data.length;
    run.afterId = data.at(-1)?.id ?? run.afterId;
    hasMore = has_more && data.length > 0;
    await saveProgress(database, run);
  }
}

/**
 * Looks for customers at Stripe that name one of our organizations and that we do not know, as after a restored backup: the organization
 * gets its customer back, or it is reported.
 */
export function compareCustomers(context: SyncContext, run: Reconciliation, pace: Pace): Promise<void> {
  const { services } = context;
  return compareList(
    context,
    { run, pace },
    (stripe, page) => stripe.customers.list(page),
    async (customers) => {
      const ours = customers.filter(({ metadata }) => metadata.organization_id !== undefined);
      const unknown = await findUnknown(
        context,
        ours.map(({ id }) => id),
      );
      for (const customer of ours.filter(({ id }) => unknown.has(id))) {
        const { id: customerId, metadata } = customer;
        await pace(8);
        if (await adopt(context, customer)) {
          const organizationId = metadata.organization_id ?? '';
          await compareOrganization(context, { organizationId, reconciliationId: run.id });
          continue;
        }
        const { data } = await askStripe(services, (stripe) =>
          stripe.subscriptions.list({ customer: customerId, status: 'all', limit: PAGE }),
        );
        const theirs = { organizationId: metadata.organization_id, subscriptions: data.map(({ id }) => id) };
        await recordUnknown(context, run, {
          ...{ customerId, kind: 'customer', rowId: customerId, theirs },
          isMoney: data.some(isOngoing),
        });
      }
    },
  );
}

const customerIn = ({ customer }: Stripe.Subscription) => idOf(customer);

function isOurs({ metadata, items }: Stripe.Subscription): boolean {
  return (
    metadata.organization_id !== undefined || items.data.some(({ price }) => planOfProduct(price.product) !== null)
  );
}

/** Looks for subscriptions at Stripe to our plans that are of no customer we know: their customers may be charged for nothing. */
export function compareSubscriptions(context: SyncContext, run: Reconciliation, pace: Pace): Promise<void> {
  return compareList(
    context,
    { run, pace },
    (stripe, page) => stripe.subscriptions.list(page),
    async (subscriptions) => {
      const ours = subscriptions.filter((one) => isOngoing(one) && isOurs(one));
      const unknown = await findUnknown(context, [...new Set(ours.map(customerIn))]);
      for (const subscription of ours.filter((one) => unknown.has(customerIn(one)))) {
        const { id: rowId, status, metadata } = subscription;
        const theirs = { organizationId: metadata.organization_id ?? null, status };
        await recordUnknown(context, run, {
          ...{ customerId: customerIn(subscription), kind: 'subscription', rowId, theirs },
          isMoney: true,
        });
      }
    },
  );
}
