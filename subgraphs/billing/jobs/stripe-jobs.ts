import type { DataSource } from 'typeorm';
import { applyEvents } from '#billing/events/apply-events.js';
import { APPLY_STRIPE_EVENTS } from '#billing/events/apply-soon.js';
import { deleteExpired } from '#billing/events/keep-records.js';
import { registerEndpoint } from '#billing/events/register-endpoint.js';
import { reconcile } from '#billing/reconciliation/reconcile.js';
import { settlePendingCommands } from '#billing/services/settle-pending-commands.js';
import { canSell } from '#billing/stripe/stripe-client.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';

/**
 * The jobs that apply stored events, delete old ones, settle commands without an answer, compare everything with Stripe every night, and
 * have the simulator send its events here.
 */
export function stripeJobs(services: Services, database: DataSource): JobDefinition[] {
  const context = { services, database };
  const jobs: JobDefinition[] = [
    {
      name: APPLY_STRIPE_EVENTS,
      schedule: '10 seconds',
      // One takes all that are due, the other those that come while it waits for a slow customer; more would exceed Stripe's rate.
      concurrency: 2,
      run: (_data, { signal }) => applyEvents(context, { signal }),
    },
    { name: 'billing.delete-expired', schedule: '40 3 * * *', run: () => deleteExpired(context) },
  ];
  if (!canSell(services)) return jobs;
  jobs.push(
    {
      name: 'billing.reconcile',
      schedule: '0 3 * * *',
      run: async (_data, { signal }) => void (await reconcile(context, { signal })),
    },
    { name: 'billing.settle-commands', schedule: '1 minute', run: () => settlePendingCommands(context) },
    {
      name: 'billing.continue-reconciliation',
      schedule: '5 minutes',
      run: async (_data, { signal }) => void (await reconcile(context, { signal, continueOnly: true })),
    },
  );
  if (services.config.stripe) return jobs;
  const register = {
    name: 'billing.register-endpoint',
    schedule: '1 minute',
    run: async () => void (await registerEndpoint(context, { url: `${services.publicUrl()}/webhooks/stripe` })),
  };
  return [...jobs, register];
}
