import { z } from 'zod';
import { REVIEW_SCHEDULES } from '#kit/review-schedules-job.js';
import { type JobDependencies, jobContext } from '#reporting/context.js';
import { deliverReport, MAX_RETRIES } from '#reporting/schedules/deliver-report.js';
import { DELIVER_REPORT } from '#reporting/schedules/deliver-report-soon.js';
import { followMails, queueDeliveries } from '#reporting/schedules/follow-mails.js';
import { reviewAllSchedules, reviewSchedules } from '#reporting/schedules/review-schedules.js';
import { runDueSchedules } from '#reporting/schedules/run-due-schedules.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

const ofOrganization = z.object({ organizationId: z.uuid() });
const ofDelivery = z.object({ deliveryId: z.uuid() });

/** Orders the reports of schedules that are due, every minute. */
export const runSchedulesJob = (dependencies: JobDependencies): JobDefinition => ({
  name: 'reporting.run-schedules',
  schedule: '1 minute',
  run: () => runDueSchedules(jobContext(dependencies)),
});

/** Queues the delivery of finished reports, and follows the mails of earlier ones, every minute. */
export const queueDeliveriesJob = (dependencies: JobDependencies): JobDefinition => ({
  name: 'reporting.queue-deliveries',
  schedule: '1 minute',
  run: async () => {
    const context = jobContext(dependencies);
    await queueDeliveries(context);
    await followMails(context);
  },
});

/** Delivers one report. */
export const deliverReportJob = (dependencies: JobDependencies): JobDefinition<z.output<typeof ofDelivery>> => ({
  name: DELIVER_REPORT,
  maxRetries: MAX_RETRIES,
  concurrency: 2,
  parse: (data) => ofDelivery.parse(data),
  run: ({ deliveryId }, { attempt, signal }) =>
    deliverReport(jobContext(dependencies), { deliveryId, attempt, signal }),
});

/** Follows what changed for the schedules of one organization. */
export const reviewSchedulesJob = (dependencies: JobDependencies): JobDefinition<z.output<typeof ofOrganization>> => ({
  name: REVIEW_SCHEDULES,
  parse: (data) => ofOrganization.parse(data),
  run: async ({ organizationId }) => void (await reviewSchedules(jobContext(dependencies), { organizationId })),
});

/** Does so for every organization, every hour: a change may not have been reported. */
export const reviewAllSchedulesJob = (dependencies: JobDependencies): JobDefinition => ({
  name: 'reporting.review-all-schedules',
  schedule: '1 hour',
  run: () => reviewAllSchedules(jobContext(dependencies)),
});
