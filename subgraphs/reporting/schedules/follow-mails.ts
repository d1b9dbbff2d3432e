import type { ServiceContext } from '#reporting/context.js';
import { type ReportDelivery, ReportDeliveryEntity } from '#reporting/entities/report-delivery.js';
import { ReportScheduleEntity } from '#reporting/entities/report-schedule.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { notifyCaretakers } from './caretakers.js';
import { deliverReportSoon } from './deliver-report-soon.js';
import { bouncedMail } from './mails.js';
import { readOrganization } from './organization.js';

interface Change {
  deliveryId: string;
  email: string;
  state: 'SENT' | 'BOUNCED' | 'SUPPRESSED' | 'FAILED';
  reason: string | null;
}

/** Returns what the outbox says of open mails and is not copied yet. */
const CHANGED = `
  SELECT r.delivery_id AS "deliveryId", r.email, m.status AS state, m.reason
  FROM reporting.report_delivery_recipient AS r JOIN operations.mail AS m ON m.id = r.mail_id
  WHERE r.state IN ('QUEUED', 'SENT') AND m.status <> r.state AND m.status <> 'QUEUED'
  ORDER BY r.delivery_id, r.email LIMIT 1000`;

const COPY = `
  UPDATE reporting.report_delivery_recipient AS r
  SET state = m.status, reason = m.reason, attempts = m.attempts, finished_at = m.finished_at
  FROM operations.mail AS m
  WHERE m.id = r.mail_id AND r.delivery_id = $1 AND r.email = $2 AND r.state IN ('QUEUED', 'SENT') AND m.status = $3`;

const WHY: Record<Exclude<Change['state'], 'SENT'>, string> = {
  BOUNCED: 'The mailbox does not exist',
  SUPPRESSED: 'Mail to this address bounced before, or was reported as spam, so none is sent to it',
  FAILED: 'The mail was given up',
};

/** Copies what became of a mail, and tells once per schedule and address that it did not arrive. */
async function follow(
  context: ServiceContext,
  { delivery, change }: { delivery: ReportDelivery; change: Change },
): Promise<void> {
  const { database } = context;
  const { organizationId, scheduleId, id } = delivery;
  const { state, email, reason } = change;
  const schedule = await database.manager.findOneBy(ReportScheduleEntity, { id: scheduleId, organizationId });
  const organization = state === 'SENT' || !schedule ? null : await readOrganization(context, organizationId);
  await database.transaction(async (manager) => {
    const [, count]: [unknown, number] = await manager.query(COPY, [id, email, state]);
    if (count === 0 || state === 'SENT' || !schedule || !organization) return;
    // A suppressed address stays so: told once, not at each run.
    const key = state === 'FAILED' ? `failed mail ${id} ${email}` : `bounced ${scheduleId} ${email}`;
    const why = `${WHY[state]}${reason ? `: ${reason}` : ''}. Remove it from the schedule (removeReportRecipient).`;
    const about = { name: schedule.name, organizationName: organization.name, email, reason: why };
    await notifyCaretakers(manager, {
      ...{ schedule, organization, key },
      mail: (recipientName) => bouncedMail({ ...about, recipientName }),
    });
  });
}

/** Copies what became of the mails of deliveries into their log. Safe to run concurrently. */
export async function followMails(context: ServiceContext): Promise<void> {
  const { database, services } = context;
  const changes = await database.query<Change[]>(CHANGED);
  const failures: unknown[] = [];
  for (const change of changes) {
    const delivery = await database.manager.findOneBy(ReportDeliveryEntity, { id: change.deliveryId });
    if (delivery) await follow(context, { delivery, change }).catch((error) => failures.push(error));
  }
  if (changes.some(({ state }) => state !== 'SENT')) await deliverSoon(services);
  if (failures.length > 0) throw new AggregateError(failures, 'What became of some mails could not be recorded');
}

const READY = `
  SELECT d.id FROM reporting.report_delivery AS d LEFT JOIN reporting.report AS r ON r.id = d.report_id
  WHERE d.state = 'SENDING' OR (d.state = 'MAKING' AND (r.id IS NULL OR r.status IN ('READY', 'FAILED', 'CANCELLED', 'EXPIRED')))
  ORDER BY d.created_at LIMIT 500`;

/** Queues the delivery of every report that is finished. */
export async function queueDeliveries(context: ServiceContext): Promise<void> {
  const rows = await context.database.query<{ id: string }[]>(READY);
  for (const { id: deliveryId } of rows) await deliverReportSoon(context, { deliveryId });
}
