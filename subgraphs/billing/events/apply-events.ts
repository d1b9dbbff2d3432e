import type { Context } from '#billing/context.js';
import { isStripeAway } from '#billing/stripe/ask-stripe.js';
import { type SyncContext, syncCustomer } from '#billing/sync/sync-customer.js';
import { applyMeterErrors, meterErrorTypes } from '#billing/usage/meters/apply-meter-errors.js';
import { AppError } from '#runtime/errors.js';
import { drainClaims } from '#runtime/jobs/drain-claims.js';
import { observeStripeEvent } from '#runtime/telemetry/observe-billing.js';
import { findCustomer } from './find-customer.js';
import { parseEvent } from './parse-event.js';

/** Events of one customer that one synchronization applies, or one event that names no customer. */
interface Claim {
  ids: string[];
  customerId: string | null;
  /** Of the one that names no customer. */
  body: string | null;
  attempts: number;
}

/** A process that was killed meanwhile has its events applied by another one after this. */
const LEASE_MS = 3 * 60_000;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** Customers that are read at the same time: Stripe allows 100 requests a second, and a reading is six. */
const AT_ONCE = 4;
const STUCK_MS = 60 * 60_000;

// The oldest customer's events first. FOR UPDATE SKIP LOCKED: of two workers, each takes other ones.
const CLAIM = `
  WITH oldest AS (
    SELECT id, customer_id FROM billing.stripe_event WHERE state = 'RECEIVED' AND due_at <= $1
    ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
  ), claimed AS (
    SELECT e.id FROM billing.stripe_event AS e, oldest
    WHERE e.id = oldest.id OR (e.state = 'RECEIVED' AND e.due_at <= $1 AND e.customer_id = oldest.customer_id)
    FOR UPDATE OF e SKIP LOCKED
  )
  UPDATE billing.stripe_event AS e SET due_at = $2, attempts = e.attempts + 1 FROM claimed WHERE e.id = claimed.id
  RETURNING e.id, e.customer_id AS "customerId", e.attempts,
    CASE WHEN e.customer_id IS NULL THEN e.body END AS body`;

interface ClaimedRow {
  id: string;
  customerId: string | null;
  attempts: number;
  body: string | null;
}

async function claim({ database, services }: SyncContext): Promise<Claim | undefined> {
  const now = services.now();
  const leasedUntil = new Date(now.getTime() + LEASE_MS);
  const [rows] = await database.query<[ClaimedRow[], number]>(CLAIM, [now, leasedUntil]);
  const [first] = rows;
  if (!first) return undefined;
  const attempts = Math.max(...rows.map((row) => row.attempts));
  return { ids: rows.map(({ id }) => id), customerId: first.customerId, body: first.body, attempts };
}

async function settle(
  { database, services }: SyncContext,
  { ids }: Claim,
  { state, because }: { state: 'APPLIED' | 'IGNORED'; because?: string },
): Promise<void> {
  const now = services.now();
  const [settled] = await database.query<[{ receivedAt: Date }[], number]>(
    `UPDATE billing.stripe_event SET state = $2, ignored_because = $3, error = NULL, settled_at = $4
     WHERE id = ANY ($1) AND state = 'RECEIVED' RETURNING received_at AS "receivedAt"`,
    [ids, state, because ?? null, now],
  );
  const outcome = state === 'APPLIED' ? 'applied' : 'ignored';
  for (const { receivedAt } of settled) observeStripeEvent(outcome, (now.getTime() - receivedAt.getTime()) / 1_000);
}

async function postpone({ database, services }: SyncContext, given: Claim, error: unknown): Promise<void> {
  const { ids, attempts } = given;
  const waitMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempts - 1, 20), LONGEST_PAUSE_MS);
  const retryAfterMs = error instanceof AppError ? (error.retryAfter ?? 0) * 1000 : 0;
  const dueAt = new Date(services.now().getTime() + Math.max(waitMs, retryAfterMs));
  const message = error instanceof Error ? error.message : String(error);
  await database.query(
    `UPDATE billing.stripe_event SET due_at = $2, error = $3 WHERE id = ANY ($1) AND state = 'RECEIVED'`,
    [ids, dueAt, message.slice(0, 500)],
  );
  services.logger.warn(
    { err: error, events: ids.length, attempts },
    'Events of Stripe could not be applied: they wait',
  );
}

async function applyClaim(context: SyncContext, given: Claim): Promise<void> {
  const { database, services } = context;
  const { customerId: named, body } = given;
  const event = body ? parseEvent(body) : null;
  if (event && meterErrorTypes.includes(event.type)) {
    const because = await applyMeterErrors(context, event);
    return settle(context, given, because ? { state: 'IGNORED', because } : { state: 'APPLIED' });
  }
  const customerId = named ?? (event ? await findCustomer(database.manager, services, event.about) : null);
  if (!customerId) return settle(context, given, { state: 'IGNORED', because: 'it is about no customer' });
  const result = await syncCustomer(context, { customerId });
  if (!result) return settle(context, given, { state: 'IGNORED', because: 'no organization has this customer' });
  return settle(context, given, { state: 'APPLIED' });
}

/** Raises an alert when events have waited for more than an hour. */
async function reportStuck({ database, services }: SyncContext): Promise<void> {
  const [row] = await database.query<{ count: number; error: string | null }[]>(
    `SELECT count(*)::int AS count, max(error) AS error FROM billing.stripe_event
     WHERE state = 'RECEIVED' AND received_at < $1`,
    [new Date(services.now().getTime() - STUCK_MS)],
  );
  if (!row || row.count === 0) return;
  const message =
    'Events of Stripe have waited for more than an hour: what was paid or cancelled since does not count yet. ' +
    'See whether Stripe can be reached, and read the log.';
  services.alerts.raise({
    category: 'payment',
    key: 'stripe-events-stuck',
    runbook: 'stripe-events-stuck',
    message,
    details: { ...row },
  });
}

/**
 * Applies the stored events that are due, the oldest first: those of a customer by one synchronization. What fails waits and is
 * tried again, as long as it takes; while Stripe is away, everything waits. Safe in several processes, and after a kill.
 */
export async function applyEvents(
  context: Pick<Context, 'database' | 'services'>,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  let isStopped = false;
  await drainClaims({
    atOnce: AT_ONCE,
    claim: () => claim(context),
    work: async (claimed) => {
      try {
        await applyClaim(context, claimed);
      } catch (error) {
        isStopped ||= isStripeAway(error);
        await postpone(context, claimed, error);
      }
    },
    mayGoOn: () => !isStopped && !signal.aborted,
  });
  await reportStuck(context);
}
