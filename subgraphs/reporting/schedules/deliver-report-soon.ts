import type { ServiceContext } from '#reporting/context.js';

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
