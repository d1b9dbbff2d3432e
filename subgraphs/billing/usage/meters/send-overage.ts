import type { DataSource } from 'typeorm';
import type { Context } from '#billing/context.js';
import { askStripe, invalidRequestOf, isStripeAway } from '#billing/stripe/ask-stripe.js';
import { METER_EVENT } from '#billing/stripe/catalogue-ids.js';
import { type MeterIdentity, meterIdentifierOf } from './meter-identifier.js';
import { timestampOf } from './timestamp-of.js';

export const SEND_OVERAGE = 'billing.send-overage';

const MINUTE_MS = 60_000;
/** A worker that has claimed an event has vanished; longer than a request with its repetitions. */
const CLAIM_MS = 2 * MINUTE_MS;
const REFUSED_RETRY_MS = 60 * MINUTE_MS;
/** Stripe recognizes an identifier for 24 hours (https://docs.stripe.com/api/billing/meter-event/create). */
const RECOGNIZED_MS = 23 * 60 * MINUTE_MS;

type SendContext = Pick<Context, 'services' | 'database'>;

interface Claimed extends MeterIdentity {
  organizationId: string;
  customerId: string;
  orderedAt: Date;
  refusals: number;
  /** Of earlier attempts; null = Stripe certainly does not have it. */
  uncertainSince: Date | null;
  periodStart: Date | null;
  periodEnd: Date | null;
}

const CLAIM = `
  UPDATE billing.meter_event AS e SET claimed_at = $1, uncertain_since = coalesce(e.uncertain_since, $1)
  FROM (
    SELECT w.report_id, w.uncertain_since, s.period_start, s.period_end
    FROM billing.meter_event AS w LEFT JOIN billing.subscription AS s USING (organization_id)
    WHERE w.state = 'WAITING' AND (w.claimed_at IS NULL OR w.claimed_at < $2) AND (w.retry_at IS NULL OR w.retry_at <= $1)
      AND ($3::uuid IS NULL OR w.organization_id = $3)
    ORDER BY w.ordered_at LIMIT 1 FOR UPDATE OF w SKIP LOCKED
  ) AS due
  WHERE e.report_id = due.report_id
  RETURNING e.report_id AS "reportId", e.organization_id AS "organizationId", e.customer_id AS "customerId",
    e.ordered_at AS "orderedAt", e.refusals, e.rejections, due.uncertain_since AS "uncertainSince", due.period_start AS "periodStart",
    due.period_end AS "periodEnd"`;

async function claim({ services, database }: SendContext, organizationId: string | null): Promise<Claimed | undefined> {
  const now = services.now();
  const silentSince = new Date(now.getTime() - CLAIM_MS);
  const [rows] = await database.query<[Claimed[], number]>(CLAIM, [now, silentSince, organizationId]);
  return rows[0];
}

/** What is set of an event that was claimed. */
interface Outcome {
  state?: 'SENT' | 'UNCERTAIN';
  chargedAt?: Date;
  retryAt?: Date;
  problem?: string;
  /** Kept when left out. */
  uncertainSince?: Date | null;
  isRefused?: boolean;
}

async function settle(
  database: DataSource,
  { reportId, rejections }: Claimed,
  outcome: Outcome & { now: Date },
): Promise<void> {
  const { state = 'WAITING', chargedAt = null, retryAt = null, problem = null, uncertainSince, now } = outcome;
  await database.query(
    `UPDATE billing.meter_event SET state = $2, charged_at = $3, sent_at = CASE WHEN $2 = 'SENT' THEN $4::timestamptz END,
       retry_at = $5, problem = $6, claimed_at = NULL, refusals = refusals + $7::integer,
       uncertain_since = CASE WHEN $8 THEN $9::timestamptz ELSE uncertain_since END
     WHERE report_id = $1 AND state = 'WAITING' AND rejections = $10`,
    [
      ...[reportId, state, chargedAt, now, retryAt, problem, outcome.isRefused ? 1 : 0],
      ...[uncertainSince !== undefined, uncertainSince ?? null, rejections],
    ],
  );
}

/** Whether Stripe says that it has an event already; the wording is all that its documentation shows. */
const isKnown = (error: unknown) => /already exists with identifier/.test(invalidRequestOf(error)?.message ?? '');

async function send(context: SendContext, event: Claimed, timestamp: number): Promise<void> {
  const { customerId, refusals } = event;
  const identifier = meterIdentifierOf(event);
  const payload = { stripe_customer_id: customerId, value: '1' };
  await askStripe(context.services, (stripe) =>
    stripe.billing.meterEvents.create(
      { event_name: METER_EVENT, identifier, timestamp, payload },
      // Readable, as Stripe may name what it rejects by it.
      { idempotencyKey: `webmetrics-${identifier}.${timestamp}.${refusals}` },
    ),
  ).catch((error) => {
    if (!isKnown(error)) throw error;
  });
}

/** Sends one event that was claimed. Throws when Stripe is away. */
async function sendClaimed(context: SendContext, event: Claimed): Promise<void> {
  const { services, database } = context;
  const now = services.now();
  const { organizationId, uncertainSince } = event;
  const kind = { category: 'payment' as const, runbook: 'billing-differs' as const };
  const alert = { ...kind, organizationId, details: { reportId: event.reportId } };
  if (uncertainSince && now.getTime() - uncertainSince.getTime() > RECOGNIZED_MS) {
    await settle(database, event, { state: 'UNCERTAIN', now });
    const message = 'Stripe may have an event of its meter, or not: it is not sent again. Compare its usage there.';
    return services.alerts.raise({ ...alert, key: 'meter-event-uncertain', message });
  }
  const chargedAt = timestampOf(event, now);
  try {
    await send(context, event, chargedAt.getTime() / 1000);
    await settle(database, event, { state: 'SENT', chargedAt, uncertainSince: null, now });
  } catch (error) {
    const refusal = invalidRequestOf(error);
    if (!refusal) {
      await settle(database, event, { now });
      throw error;
    }
    const retryAt = new Date(now.getTime() + REFUSED_RETRY_MS);
    await settle(database, event, { retryAt, problem: refusal.message, uncertainSince, isRefused: true, now });
    const message = "Stripe refuses an event of its meter: it is tried again every hour. The event's row says why.";
    services.alerts.raise({ ...alert, key: 'meter-event-refused', message });
  }
}

/**
 * Sends what was used beyond plans to Stripe's meter, of all organizations or of one: at least once, and counted once, as Stripe recognizes
 * each by its report. Ends when Stripe is away: what waits is sent later. Safe to run concurrently.
 */
export async function sendOverage(
  context: SendContext,
  { organizationId = null, signal }: { organizationId?: string | null; signal?: AbortSignal } = {},
): Promise<void> {
  while (!signal?.aborted) {
    const event = await claim(context, organizationId);
    if (!event) return;
    try {
      await sendClaimed(context, event);
    } catch (error) {
      if (!isStripeAway(error)) throw error;
      context.services.logger.warn({ err: error }, 'What was used beyond plans is sent to Stripe later');
      return;
    }
  }
}
