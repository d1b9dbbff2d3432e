import type { EntityManager, EntitySchema } from 'typeorm';
import { InvoiceEntity } from '#billing/entities/invoice.js';
import { PaymentEntity } from '#billing/entities/payment.js';
import { type PaymentMethod, PaymentMethodEntity } from '#billing/entities/payment-method.js';
import { type Subscription, SubscriptionEntity } from '#billing/entities/subscription.js';
import { isInUse } from '#billing/standing/derive-standing.js';
import { publishStanding } from '#billing/standing/publish-standing.js';
import { readStanding } from '#billing/standing/read-standing.js';
import type { Services } from '#runtime/services.js';
import { compareRows, type Difference, findDifferences } from './find-differences.js';
import type { CustomerRows } from './rows-of-customer.js';

interface Reading {
  /** Locked. */
  subscription: Subscription;
  rows: CustomerRows;
  /** Whether the customer was deleted at Stripe: the next purchase makes a new one. */
  isDeleted: boolean;
}

interface MirroredRow {
  id: string;
  customerId: string;
}

interface Rows<Row> {
  table: Difference['table'];
  customerId: string;
  rows: Row[];
  /** Whether a row stays that Stripe no longer has. */
  isKept(row: Row): boolean;
}

/** Stores the rows of a table, deletes what Stripe no longer has, and returns what differed. */
async function storeRows<Row extends MirroredRow>(
  manager: EntityManager,
  entity: EntitySchema<Row>,
  { table, customerId, rows, isKept }: Rows<Row>,
): Promise<Difference[]> {
  const repository = manager.getRepository<MirroredRow>(entity as never);
  const known = (await repository.findBy({ customerId })) as Row[];
  const present = new Set(rows.map(({ id }) => id));
  const stored = known.filter((row) => present.has(row.id) || !isKept(row));
  const differences = compareRows(table, stored, rows);
  const changed = new Set(differences.map(({ id }) => id));
  const changedRows = rows.filter(({ id }) => changed.has(id));
  if (changedRows.length > 0) await repository.upsert(changedRows as never, ['id']);
  const gone = stored.filter(({ id }) => !present.has(id)).map(({ id }) => id);
  if (gone.length > 0) await repository.delete(gone);
  return differences;
}

/** Records cards under the organization that used them first, and returns whether one of these is another's. */
async function recordCards(
  manager: EntityManager,
  { subscription, methods, now }: { subscription: Subscription; methods: PaymentMethod[]; now: Date },
): Promise<boolean> {
  const hashes = [...new Set(methods.flatMap(({ fingerprintHash }) => fingerprintHash ?? []))].sort();
  if (hashes.length === 0) return false;
  await manager.query(
    `INSERT INTO billing.known_card (fingerprint_hash, subscription_id, first_seen_at)
     SELECT hash, $2::uuid, $3::timestamptz FROM unnest($1::text[]) AS hash ON CONFLICT DO NOTHING`,
    [hashes, subscription.id, now],
  );
  const others = await manager.query<unknown[]>(
    'SELECT FROM billing.known_card WHERE fingerprint_hash = ANY ($1::text[]) AND subscription_id <> $2 LIMIT 1',
    [hashes, subscription.id],
  );
  return others.length > 0;
}

/** Whether a trial has begun for which nothing was ever paid: not one that was given to a customer later. */
export function isFirstTrial({ subscription, invoices }: Pick<CustomerRows, 'subscription' | 'invoices'>): boolean {
  const { status, stripeSubscriptionId: id } = subscription;
  return (
    status === 'trialing' && !invoices.some((invoice) => invoice.stripeSubscriptionId === id && invoice.amountPaid > 0)
  );
}

const earlier = (one: Date | null, other: Date | null) => (one && other ? (one < other ? one : other) : (one ?? other));

/** Stores one reading of a customer, in a transaction that has locked its subscription. */
export async function applyRows(
  manager: EntityManager,
  services: Services,
  { subscription, rows, isDeleted }: Reading,
): Promise<{ subscription: Subscription; differences: Difference[] }> {
  const now = services.now();
  const customerId = subscription.customerId ?? '';
  const { invoices, payments, methods } = rows;
  const before = await readStanding(manager, { subscription, now });
  const { status, stripeSubscriptionId } = rows.subscription;
  const hasUsedCard = await recordCards(manager, { subscription, methods, now });
  // Another card, added to a trial that was begun, does not end it.
  const isAccepted =
    status === 'trialing' &&
    subscription.status === status &&
    subscription.stripeSubscriptionId === stripeSubscriptionId &&
    !subscription.hasCardOfAnotherTrial;
  const hasCardOfAnotherTrial = hasUsedCard && !isAccepted;
  // It is cancelled at once, as if it had not begun.
  const isRefused = hasCardOfAnotherTrial && isFirstTrial(rows);
  const theirs = {
    ...rows.subscription,
    // A subscription of a customer that was deleted may be forgotten at Stripe; that it was is not.
    ...(rows.subscription.status === null && overOf(subscription, now)),
    firstSubscribedAt: isRefused
      ? subscription.firstSubscribedAt
      : earlier(subscription.firstSubscribedAt, rows.subscription.firstSubscribedAt),
    hasCardOfAnotherTrial,
    // Free was chosen instead of what is bought now.
    freeSince: isInUse(status) && !isRefused ? null : subscription.freeSince,
    ...(isDeleted && { customerId: null, formerCustomerIds: [...subscription.formerCustomerIds, customerId] }),
  };
  const of = { table: 'subscription' as const, id: subscription.organizationId };
  const differences = [
    ...findDifferences<Partial<Subscription>>(of, subscription, theirs),
    ...(await storeRows(manager, InvoiceEntity, {
      ...{ table: 'invoice', customerId, rows: invoices },
      isKept: ({ status }) => status !== 'draft',
    })),
    ...(await storeRows(manager, PaymentEntity, {
      ...{ table: 'payment', customerId, rows: payments },
      isKept: () => true,
    })),
    ...(await storeRows(manager, PaymentMethodEntity, {
      ...{ table: 'payment_method', customerId, rows: methods },
      isKept: () => false,
    })),
  ];
  const stored: Subscription = {
    ...subscription,
    ...theirs,
    version: subscription.version + (differences.length > 0 ? 1 : 0),
    syncs: subscription.syncs + 1,
    syncedAt: now,
  };
  await manager.getRepository(SubscriptionEntity).save(stored);
  await publishStanding(manager, { subscription: stored, before, occurredAt: now, now });
  return { subscription: stored, differences };
}

function overOf({ status, endedAt, ...known }: Subscription, now: Date): Partial<Subscription> {
  if (status === null) return {};
  const { stripeSubscriptionId, planId, interval, currency, startedAt, periodStart, periodEnd, trialEnd } = known;
  const { canceledAt } = known;
  return {
    ...{ stripeSubscriptionId, planId, interval, currency, startedAt, periodStart, periodEnd, trialEnd },
    status: 'canceled',
    canceledAt: canceledAt ?? now,
    endedAt: endedAt ?? now,
  };
}
