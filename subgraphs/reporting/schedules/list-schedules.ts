import { z } from 'zod';
import { checkPageSize, type Page, type PageArguments, pageOf, readCursor } from '#kit/page.js';
import type { ServiceContext } from '#reporting/context.js';
import {
  type ReportDelivery,
  ReportDeliveryEntity,
  type ReportDeliveryRecipient,
  ReportDeliveryRecipientEntity,
} from '#reporting/entities/report-delivery.js';
import { type ReportSchedule, ReportScheduleEntity } from '#reporting/entities/report-schedule.js';
import { areVisible, coversOnly } from '#reporting/visible-clients.js';
import { isRowId } from '#runtime/database/database.js';
import { NotFound } from '#runtime/errors.js';
import { mailStates } from '#runtime/mail/mail-state.js';

const cursorPosition = z.tuple([z.iso.datetime().transform((text) => new Date(text)), z.uuid()]);

/** Returns a page of the schedules of an organization that the caller sees, the oldest first. */
export async function listSchedules(
  { database, identity }: ServiceContext,
  { organizationId, ...page }: { organizationId: string } & PageArguments,
): Promise<Page<ReportSchedule>> {
  checkPageSize(page.first);
  const query = database
    .createQueryBuilder(ReportScheduleEntity, 'schedule')
    .where('schedule.organization_id = :organizationId', { organizationId })
    .orderBy('schedule.createdAt')
    .addOrderBy('schedule.id')
    .limit(page.first + 1);
  if (identity.clientIds) query.andWhere(coversOnly('schedule'), { seen: identity.clientIds });
  if (page.after) {
    const [createdAt, id] = readCursor(cursorPosition, page.after);
    query.andWhere('(schedule.created_at, schedule.id) > (:createdAt, :id)', { createdAt, id });
  }
  return pageOf(await query.getMany(), page, ({ createdAt, id }) => [createdAt, id]);
}

/** Returns a schedule of the caller's organization that the caller sees. Throws NotFound. */
export async function getSchedule(
  { database, identity }: ServiceContext,
  { scheduleId: id }: { scheduleId: string },
): Promise<ReportSchedule> {
  const { organizationId } = identity;
  if (!organizationId || !isRowId(id)) throw new NotFound('report schedule');
  const schedule = await database.manager.findOneBy(ReportScheduleEntity, { id, organizationId });
  if (!schedule || !areVisible(schedule.clientIds, identity.clientIds)) throw new NotFound('report schedule');
  return schedule;
}

/** Returns a page of the deliveries of a schedule, the newest first. */
export async function listDeliveries(
  { database }: ServiceContext,
  { scheduleId, ...page }: { scheduleId: string } & PageArguments,
): Promise<Page<ReportDelivery>> {
  checkPageSize(page.first);
  const query = database
    .createQueryBuilder(ReportDeliveryEntity, 'delivery')
    .where('delivery.schedule_id = :scheduleId', { scheduleId })
    .orderBy('delivery.dueAt', 'DESC')
    .addOrderBy('delivery.id', 'DESC')
    .limit(page.first + 1);
  if (page.after) {
    const [dueAt, id] = readCursor(cursorPosition, page.after);
    query.andWhere('(delivery.due_at, delivery.id) < (:dueAt, :id)', { dueAt, id });
  }
  return pageOf(await query.getMany(), page, ({ dueAt, id }) => [dueAt, id]);
}

/** Returns what became of the mails of a delivery, by address: what the outbox says now, and after 30 days what it said last. */
export async function listDeliveryRecipients(
  { database: { manager } }: ServiceContext,
  { deliveryId }: { deliveryId: string },
): Promise<ReportDeliveryRecipient[]> {
  const order = { email: 'ASC' as const };
  const recipients: ReportDeliveryRecipient[] = await manager.find(ReportDeliveryRecipientEntity, {
    where: { deliveryId },
    order,
  });
  const states = await mailStates(manager, { ids: recipients.flatMap(({ mailId }) => mailId ?? []) });
  return recipients.map((recipient) => {
    const mail = states.get(recipient.mailId ?? '');
    if (!mail) return recipient;
    const { status: state, reason, attempts, finishedAt } = mail;
    return { ...recipient, state, reason, attempts, finishedAt };
  });
}
