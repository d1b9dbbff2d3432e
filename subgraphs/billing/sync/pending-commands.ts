import type { EntityManager } from 'typeorm';
import { InvoiceEntity } from '#billing/entities/invoice.js';
import type { Subscription } from '#billing/entities/subscription.js';
import { type AuditEntry, recordAudit } from '#runtime/audit/record-audit.js';
import type { BillingInterval } from '#runtime/entitlements/plans.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';

/** What a command is to bring about, of which at least one was not so before. */
export interface Wanted {
  /** true = the subscription ends with its period, or has ended. */
  isEnding?: boolean;
  isOver?: true;
  plan?: { planId: string; interval: BillingInterval | null };
  /** null = nothing is pending. */
  pendingPlan?: { planId: string; interval: BillingInterval | null } | null;
  isPaused?: boolean;
  /** ISO 8601. */
  pausedUntil?: string | null;
  promotionCode?: string;
  /** A period that did not begin at this instant (ISO 8601). */
  otherPeriodThan?: string | null;
  voidInvoiceId?: string;
}

/** A command that was sent to Stripe, or is about to be. */
export interface PendingCommand {
  id: string;
  organizationId: string;
  action: string;
  identity: Identity;
  before: Record<string, unknown>;
  after: Record<string, unknown>;
  wanted: Wanted;
  begunAt: Date;
}

/** Its answer has come by then, or its process has ended. */
export const LOST_AFTER_MS = 60 * 1000;

/** Longer than the requests of a command take: what a reading after it does not show has not happened. */
const SETTLED_MS = 10 * 60 * 1000;

const COLUMNS =
  'id, organization_id AS "organizationId", action, identity, before, after, wanted, begun_at AS "begunAt"';

/** Records a command before Stripe is asked, so that its audit event is not lost with Stripe's answer. Returns its id. */
export async function beginCommand(
  database: SqlDatabase,
  { organizationId, action, identity, before, after, wanted, begunAt }: Omit<PendingCommand, 'id'>,
): Promise<string> {
  const { kind, userId, apiKeyId, client, requestId } = identity;
  const [row] = await database.query<{ id: string }[]>(
    `INSERT INTO billing.pending_command (organization_id, action, identity, before, after, wanted, begun_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
    [
      ...[organizationId, action, JSON.stringify({ kind, userId, apiKeyId, client, requestId, scopes: [] })],
      ...[before, after, wanted].map((part) => JSON.stringify(part)),
      begunAt,
    ],
  );
  if (!row) throw new Error('The command was not recorded.');
  return row.id;
}

/** Forgets a command that Stripe has refused, or that had no effect. Returns whether it was pending still. */
export async function dropCommand(database: SqlDatabase, { id }: { id: string }): Promise<boolean> {
  const [rows] = (await database.query('DELETE FROM billing.pending_command WHERE id = $1 RETURNING id', [id])) as [
    unknown[],
    number,
  ];
  return rows.length > 0;
}

const TAKE = `
  DELETE FROM billing.pending_command AS other USING billing.pending_command AS done
  WHERE done.id = $1 AND other.organization_id = done.organization_id AND other.action = done.action
    AND other.wanted = done.wanted
  RETURNING other.id, other.organization_id AS "organizationId", other.action, other.identity, other.before, other.after`;

/**
 * Records the audit event of a command that has taken effect, once: whoever finds it pending does so. Attempts of the same have had one
 * effect, and are settled with it. Call it last in the transaction.
 */
export async function completeCommand(
  manager: SqlDatabase,
  { id, targetId }: { id: string; targetId: string },
): Promise<void> {
  const [rows] = (await manager.query(TAKE, [id])) as unknown as [Omit<PendingCommand, 'begunAt' | 'wanted'>[], number];
  const done = rows.find((row) => row.id === id);
  if (!done) return;
  const { organizationId, action, identity, before, after } = done;
  const entry: AuditEntry = { organizationId, action, before, after };
  await recordAudit(manager, identity, { ...entry, target: { type: 'OrganizationSubscription', id: targetId } });
}

const isSamePlan = (
  wanted: { planId: string; interval: string | null },
  planId: string | null,
  interval: string | null,
) => wanted.planId === planId && wanted.interval === interval;

const isoOf = (at: Date | null) => at?.toISOString() ?? null;

/** Whether a subscription is as a command wanted it. */
async function isReached(manager: EntityManager, wanted: Wanted, subscription: Subscription): Promise<boolean> {
  const { status, cancelAt, planId, interval, pendingPlanId, pendingInterval, isPaused } = subscription;
  const isOver = status === 'canceled' || status === 'incomplete_expired';
  const { plan, pendingPlan, voidInvoiceId } = wanted;
  if (wanted.isOver && !isOver) return false;
  if (wanted.isEnding !== undefined && wanted.isEnding !== (isOver || cancelAt !== null)) return false;
  if (plan && !isSamePlan(plan, planId, interval)) return false;
  if (pendingPlan === null && pendingPlanId !== null) return false;
  // Or it has taken effect meanwhile.
  if (
    pendingPlan &&
    !isSamePlan(pendingPlan, pendingPlanId, pendingInterval) &&
    !isSamePlan(pendingPlan, planId, interval)
  ) {
    return false;
  }
  if (wanted.isPaused !== undefined && wanted.isPaused !== (isPaused || status === 'paused')) return false;
  if (wanted.pausedUntil !== undefined && wanted.pausedUntil !== isoOf(subscription.pausedUntil)) return false;
  if (wanted.promotionCode !== undefined && wanted.promotionCode !== subscription.discount?.promotionCode) return false;
  if (wanted.otherPeriodThan !== undefined && wanted.otherPeriodThan === isoOf(subscription.periodStart)) return false;
  if (!voidInvoiceId) return true;
  return manager.existsBy(InvoiceEntity, { id: voidInvoiceId, status: 'void' });
}

/**
 * Settles the commands whose answers were lost, in the transaction that stores a reading of Stripe: what it shows is recorded, what it
 * does not show ten minutes later has not happened.
 */
export async function settleCommands(
  manager: EntityManager,
  { subscription, readAt }: { subscription: Subscription; readAt: Date },
): Promise<void> {
  const { organizationId, id: targetId } = subscription;
  const pending = await manager.query<PendingCommand[]>(
    `SELECT ${COLUMNS} FROM billing.pending_command WHERE organization_id = $1 ORDER BY begun_at DESC, id FOR UPDATE`,
    [organizationId],
  );
  for (const { id, wanted, begunAt } of pending) {
    if (await isReached(manager, wanted, subscription)) await completeCommand(manager, { id, targetId });
    else if (readAt.getTime() - begunAt.getTime() >= SETTLED_MS) await dropCommand(manager, { id });
  }
}
