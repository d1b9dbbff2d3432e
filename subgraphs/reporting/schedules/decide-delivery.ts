import { z } from 'zod';
import type { ServiceContext } from '#reporting/context.js';
import { type DeliveryState, type ReportDelivery, ReportDeliveryEntity } from '#reporting/entities/report-delivery.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { isRowId } from '#runtime/database/database.js';
import { Conflict, NotFound } from '#runtime/errors.js';
import { textUpTo } from '#runtime/name.js';
import { parseInput } from '#runtime/parse-input.js';
import { deliverReportSoon } from './deliver-report-soon.js';

const UNDECIDED: DeliveryState[] = ['WAITING_REVIEW', 'HELD'];

async function decide(
  { database, services, identity }: ServiceContext,
  {
    deliveryId: id,
    state,
    isDone,
    reason,
  }: { deliveryId: string; state: 'SENDING' | 'REJECTED'; isDone: DeliveryState[]; reason?: string },
): Promise<ReportDelivery> {
  const { organizationId, userId } = identity;
  if (!organizationId || !isRowId(id)) throw new NotFound('report delivery');
  return database.transaction(async (manager) => {
    const where = { id, organizationId };
    const delivery = await manager.findOne(ReportDeliveryEntity, { where, lock: { mode: 'pessimistic_write' } });
    if (!delivery) throw new NotFound('report delivery');
    // A second click.
    if (delivery.decidedAt && isDone.includes(delivery.state)) return delivery;
    if (!UNDECIDED.includes(delivery.state)) {
      throw new Conflict('This delivery neither waits for review nor is it held back.');
    }
    const decision = { state, decidedAt: services.now(), decidedBy: userId ?? null };
    const changes = { ...decision, ...(reason !== undefined && { reason }) };
    await manager.update(ReportDeliveryEntity, where, changes);
    await recordAudit(manager, identity, {
      organizationId,
      action: state === 'SENDING' ? 'report-delivery.approved' : 'report-delivery.rejected',
      target: { type: 'ReportDelivery', id: delivery.id },
      before: { state: delivery.state },
      after: { scheduleId: delivery.scheduleId, reportId: delivery.reportId, reason },
    });
    return { ...delivery, ...changes };
  });
}

/** Has a report delivered that waits for review, or is held back. Idempotent. Throws NotFound, and Conflict in any other state. */
export async function approveDelivery(
  context: ServiceContext,
  { deliveryId }: { deliveryId: string },
): Promise<ReportDelivery> {
  const isDone: DeliveryState[] = ['SENDING', 'SENT', 'FAILED'];
  const delivery = await decide(context, { deliveryId, state: 'SENDING', isDone });
  if (delivery.state === 'SENDING') await deliverReportSoon(context, { deliveryId: delivery.id });
  return delivery;
}

const rejection = z.object({ reason: textUpTo(500).nullish() });

/** Ends a delivery that waits for review, or is held back. Idempotent. Throws InvalidInput, NotFound, and Conflict in any other state. */
export async function rejectDelivery(
  context: ServiceContext,
  { deliveryId, ...given }: { deliveryId: string; reason?: string | null },
): Promise<ReportDelivery> {
  const { reason } = parseInput(rejection, given);
  return decide(context, { deliveryId, state: 'REJECTED', isDone: ['REJECTED'], reason: reason ?? undefined });
}
