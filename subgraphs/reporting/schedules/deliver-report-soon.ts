import type { ServiceContext } from '#reporting/context.js';
import type { Report } from '#reporting/entities/report.js';
import { ReportDeliveryEntity } from '#reporting/entities/report-delivery.js';

/** The job that delivers the report of one delivery; its key is the delivery's id. */
export const DELIVER_REPORT = 'reporting.deliver-report';

/** Queues that job, after the commit. Never rejects: it is queued every minute anyway. */
export async function deliverReportSoon(
  { services }: Pick<ServiceContext, 'services'>,
  { deliveryId }: { deliveryId: string },
): Promise<void> {
  await services.jobs.enqueue(DELIVER_REPORT, { key: deliveryId, deliveryId }).catch((error) => {
    services.logger.warn({ err: error, deliveryId }, 'Report delivery not enqueued yet');
  });
}

/** Queues that job for a report that is finished, where a schedule ordered it; after the commit. Never rejects. */
export async function deliverFinishedSoon(
  { services, database }: ServiceContext,
  { id: reportId, organizationId, scheduleId }: Pick<Report, 'id' | 'organizationId' | 'scheduleId'>,
): Promise<void> {
  if (!scheduleId) return;
  try {
    const delivery = await database.manager.findOneBy(ReportDeliveryEntity, { organizationId, scheduleId, reportId });
    if (delivery) await deliverReportSoon({ services }, { deliveryId: delivery.id });
  } catch (error) {
    services.logger.warn({ err: error, reportId }, 'Report delivery not enqueued yet');
  }
}
