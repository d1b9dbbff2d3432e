import type { EntityManager } from 'typeorm';
import type { ReportSchedule } from '#reporting/entities/report-schedule.js';
import { queueMail } from '#runtime/mail/queue-mail.js';
import type { RenderedMail } from '#runtime/mail/render-mail.js';
import { type Member, mayOwn, type OrganizationNow } from './organization.js';

/** Returns who is notified of failures of a schedule: its owner, or the administrators when it has none (any more). */
export function caretakersOf({ ownerId }: ReportSchedule, { members }: OrganizationNow): Member[] {
  const owner = members.get(ownerId ?? '');
  if (mayOwn(owner)) return [owner];
  return [...members.values()].filter(({ role }) => role === 'OWNER' || role === 'ADMIN');
}

/** Queues a mail to those who take care of a schedule, once per key. Call `deliverSoon` after the commit. */
export async function notifyCaretakers(
  manager: EntityManager,
  {
    schedule,
    organization,
    key,
    mail,
  }: { schedule: ReportSchedule; organization: OrganizationNow; key: string; mail: (name: string) => RenderedMail },
): Promise<void> {
  const { organizationId } = schedule;
  for (const { id, name, email } of caretakersOf(schedule, organization)) {
    const kind = 'report-schedule';
    await queueMail(manager, { ...mail(name), recipient: email, kind, organizationId, key: `${kind} ${key} ${id}` });
  }
}
