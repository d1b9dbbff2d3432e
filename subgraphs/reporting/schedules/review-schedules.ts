import { In, IsNull, Not } from 'typeorm';
import type { ServiceContext } from '#reporting/context.js';
import { ReportRecipientEntity } from '#reporting/entities/report-recipient.js';
import { type PauseReason, type ReportSchedule, ReportScheduleEntity } from '#reporting/entities/report-schedule.js';
import { findTemplates } from '#reporting/templates/report-template.js';
import { comparableAddress } from '#runtime/mail/address.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { findMissingClients, mayOwn, type OrganizationNow, readOrganization } from './organization.js';
import { pauseFor } from './pause-by-review.js';
import { nextRun } from './recurrence.js';

/** Addresses that were confirmed by a membership have to confirm themselves once that is over. */
async function endMemberRecipients(
  { database }: ServiceContext,
  { organizationId, organization }: { organizationId: string; organization: OrganizationNow },
): Promise<void> {
  const where = { organizationId, memberId: Not(IsNull()) };
  const recipients = await database.manager.findBy(ReportRecipientEntity, where);
  const ended = recipients.filter(({ memberId, comparableEmail }) => {
    const member = organization.members.get(memberId ?? '');
    return !member?.isVerified || comparableAddress(member.email) !== comparableEmail;
  });
  if (ended.length === 0) return;
  const ids = In(ended.map(({ id }) => id));
  const changes = { memberId: null, decidedAt: null };
  await database.manager.update(
    ReportRecipientEntity,
    { id: ids, state: 'CONFIRMED' },
    { ...changes, state: 'PENDING' },
  );
  await database.manager.update(ReportRecipientEntity, { id: ids, state: 'DECLINED' }, { memberId: null });
}

/** Derives the next run of a schedule anew in the organization's time zone. */
async function moveToTimeZone(
  { database, services }: ServiceContext,
  { id, organizationId }: ReportSchedule,
  timeZone: string,
): Promise<void> {
  await database.transaction(async (manager) => {
    const where = { id, organizationId };
    const schedule = await manager.findOne(ReportScheduleEntity, { where, lock: { mode: 'pessimistic_write' } });
    if (!schedule?.nextRunAt || schedule.timeZone === timeZone) return;
    // What became due by the old clock and was not ordered yet is looked for by the new one.
    const from = Math.min(services.now().getTime(), schedule.nextRunAt.getTime() - 1);
    const nextRunAt = nextRun(schedule.recurrence, timeZone, new Date(from));
    await manager.update(ReportScheduleEntity, where, { timeZone, nextRunAt });
  });
}

/**
 * Follows what changed for the schedules of an organization: derives their runs in its time zone, and pauses those whose owner, template
 * or client is gone, which their caretakers are told. Returns the organization. Repeatable. Throws ServiceUnavailable.
 */
export async function reviewSchedules(
  context: ServiceContext,
  { organizationId }: { organizationId: string },
): Promise<OrganizationNow | null> {
  const { database, services } = context;
  const active = { organizationId, pauseReason: IsNull() };
  const schedules = await database.manager.findBy(ReportScheduleEntity, active);
  if (schedules.length === 0) return null;
  const organization = await readOrganization(context, organizationId);
  const clientIds = [...new Set(schedules.flatMap((schedule) => schedule.clientIds))];
  const missing = new Set(await findMissingClients(context, { organizationId, clientIds }));
  const ids = [...new Set(schedules.map(({ templateId }) => templateId))];
  const templates = await findTemplates(database.manager, { organizationId, ids });
  const reasonFor = (schedule: ReportSchedule): Exclude<PauseReason, 'REQUESTED'> | null => {
    if (schedule.ownerId && !mayOwn(organization.members.get(schedule.ownerId))) return 'OWNER_LEFT';
    const template = templates.get(schedule.templateId);
    if (!template || template.archivedAt) return 'TEMPLATE_DELETED';
    return schedule.clientIds.some((id) => missing.has(id)) ? 'CLIENT_DELETED' : null;
  };
  for (const found of schedules) {
    const reason = reasonFor(found);
    if (!reason) {
      if (found.timeZone !== organization.timeZone) await moveToTimeZone(context, found, organization.timeZone);
      continue;
    }
    await database.transaction(async (manager) => {
      const where = { ...active, id: found.id, version: found.version };
      const schedule = await manager.findOne(ReportScheduleEntity, { where, lock: { mode: 'pessimistic_write' } });
      if (schedule) await pauseFor(context, manager, { schedule, organization, reason });
    });
    await deliverSoon(services);
  }
  await endMemberRecipients(context, { organizationId, organization });
  return organization;
}

/** Reviews the schedules of every organization that has some. */
export async function reviewAllSchedules(context: ServiceContext): Promise<void> {
  const rows = await context.database.query<{ organizationId: string }[]>(
    `SELECT DISTINCT organization_id AS "organizationId" FROM reporting.report_schedule WHERE pause_reason IS NULL`,
  );
  const failures: unknown[] = [];
  for (const { organizationId } of rows) {
    await reviewSchedules(context, { organizationId }).catch((error) => failures.push(error));
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Some report schedules could not be reviewed');
}
