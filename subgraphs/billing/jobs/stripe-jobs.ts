import type { DataSource } from 'typeorm';
import { applyEvents } from '#billing/events/apply-events.js';
import { APPLY_STRIPE_EVENTS } from '#billing/events/apply-soon.js';
import { deleteExpired } from '#billing/events/keep-records.js';
import { registerEndpoint } from '#billing/events/register-endpoint.js';
import { canSell } from '#billing/stripe/stripe-client.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';

/** Applies stored events, deletes old ones, and has the simulator send its own here. */
export function stripeJobs(services: Services, database: DataSource): JobDefinition[] {
  const context = { services, database };
  const jobs: JobDefinition[] = [
    {
      name: APPLY_STRIPE_EVENTS,
      schedule: '10 seconds',
      run: (_data, { signal }) => applyEvents(context, { signal }),
    },
    { name: 'billing.delete-expired', schedule: '40 3 * * *', run: () => deleteExpired(context) },
  ];
  if (services.config.stripe || !canSell(services)) return jobs;
  const register = { name: 'billing.register-endpoint', schedule: '1 minute', run: () => registerEndpoint(context) };
  return [...jobs, register];
}
