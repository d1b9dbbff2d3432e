import type { EntityManager } from 'typeorm';
import type { ServiceContext } from '#reporting/context.js';
import { type PauseReason, type ReportSchedule, ReportScheduleEntity } from '#reporting/entities/report-schedule.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { notifyCaretakers } from './caretakers.js';
import { pausedMail } from './mails.js';
import type { OrganizationNow } from './organization.js';

/** Pauses a locked schedule for a reason of which its caretakers are notified once. Call `deliverSoon` after the commit. */
export async function pauseFor(
  { services, identity }: ServiceContext,
  manager: EntityManager,
  {
    schedule,
    organization,
    reason,
  }: { schedule: ReportSchedule; organization: OrganizationNow; reason: Exclude<PauseReason, 'REQUESTED'> },
): Promise<void> {
  const { id, organizationId, version, name } = schedule;
  const now = services.now();
  const changes = { pauseReason: reason, nextRunAt: null, version: version + 1, updatedAt: now };
  await manager.update(ReportScheduleEntity, { id, organizationId }, changes);
  await notifyCaretakers(manager, {
    schedule,
    organization,
    key: `paused ${id} ${version}`,
    mail: (recipientName) => pausedMail({ name, organizationName: organization.name, recipientName, reason }),
  });
  await recordAudit(manager, identity, {
    organizationId,
    action: 'report-schedule.paused',
    target: { type: 'ReportSchedule', id },
    after: { reason },
  });
}
