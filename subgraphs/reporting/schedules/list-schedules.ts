import { z } from 'zod';
import { checkPageSize, decodeCursor, type Page, type PageArguments, pageOf } from '#kit/page.js';
import type { ServiceContext } from '#reporting/context.js';
import {
  type ReportDelivery,
  ReportDeliveryEntity,
  type ReportDeliveryRecipient,
  ReportDeliveryRecipientEntity,
} from '#reporting/entities/report-delivery.js';
import { type ReportSchedule, ReportScheduleEntity } from '#reporting/entities/report-schedule.js';
import { isRowId } from '#runtime/database/database.js';
import { InvalidInput, NotFound } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { mailStates } from '#runtime/mail/mail-state.js';

const cursorPosition = z.tuple([z.iso.datetime().transform((text) => new Date(text)), z.uuid()]);

function positionIn(cursor: string): [at: Date, id: string] {
  const result = cursorPosition.safeParse(decodeCursor(cursor, 2));
  if (result.success) return result.data;
  throw new InvalidInput([{ argument: 'after', problem: 'is not a cursor of this list' }]);
}

/** Whether the caller sees a schedule: a member limited to some clients none that covers other accounts. */
const sees = ({ clientIds: seen }: Identity, { clientIds }: ReportSchedule): boolean =>
  !seen || (clientIds.length > 0 && clientIds.every((id) => seen.includes(id)));

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
  if (identity.clientIds) {
    query
      .andWhere('schedule.client_ids <@ :clientIds::uuid[]', { clientIds: identity.clientIds })
      .andWhere("schedule.client_ids <> '{}'");
  }
  if (page.after) {
    const [createdAt, id] = positionIn(page.after);
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
  if (!schedule || !sees(identity, schedule)) throw new NotFound('report schedule');
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
    const [dueAt, id] = positionIn(page.after);
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
