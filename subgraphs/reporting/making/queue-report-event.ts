import type { EntityManager } from 'typeorm';
import type { Report } from '#reporting/entities/report.js';
import type { WebhookEventData } from '#runtime/webhooks/event-types.js';
import { queueWebhookEvent } from '#runtime/webhooks/queue-event.js';

type ReportEventType = 'report.ready' | 'report.failed';
type Common = Pick<WebhookEventData<ReportEventType>, 'reportId' | 'title' | 'templateId' | 'rangeStart' | 'rangeEnd'>;

interface ReportEvent<Type extends ReportEventType> {
  type: Type;
  report: Report;
  more: Omit<WebhookEventData<Type>, keyof Common>;
  occurredAt: Date;
}

/** Queues an event about a report for webhooks, in the transaction that changes its status. */
export async function queueReportEvent<Type extends ReportEventType>(
  manager: EntityManager,
  { type, report, more, occurredAt }: ReportEvent<Type>,
): Promise<void> {
  const { id: reportId, organizationId, title, templateId, rangeStart, rangeEnd } = report;
  const data = { reportId, title, templateId, rangeStart, rangeEnd, ...more } as WebhookEventData<Type>;
  await queueWebhookEvent(manager, { organizationId, type, data, occurredAt });
}
