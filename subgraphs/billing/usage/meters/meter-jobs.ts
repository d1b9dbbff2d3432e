import type { DataSource } from 'typeorm';
import { canSell } from '#billing/stripe/stripe-client.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';
import { type OverageOfReports, overageOfReports, recordOverage } from './record-overage.js';
import { SEND_OVERAGE, sendOverage } from './send-overage.js';

/** Records what reporting says was ordered beyond plans, and sends it to Stripe's meter, at once and every minute. */
export function meterJobs(services: Services, database: DataSource): JobDefinition<never>[] {
  const context = { services, database };
  const record: JobDefinition<OverageOfReports> = {
    name: 'billing.record-overage',
    maxRetries: 12,
    parse: (data) => overageOfReports.parse(data),
    run: (data) => recordOverage(context, data),
  };
  const send: JobDefinition = {
    name: SEND_OVERAGE,
    schedule: '1 minute',
    concurrency: 1,
    run: async (_data, { signal }) => {
      if (canSell(services)) await sendOverage(context, { signal });
    },
  };
  return [record, send];
}
