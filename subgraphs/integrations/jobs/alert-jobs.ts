import { z } from 'zod';
import { createJobContext } from '#integrations/create-context.js';
import type { Dependencies } from '#integrations/dependencies.js';
import { EVALUATE_ALERTS, evaluateAlerts, queueAlerts } from '#integrations/services/alerts/evaluate-alerts.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

/** Queues the evaluation of all alert rules; copied days do so, too. */
export function queueAlertsJob(dependencies: Dependencies): JobDefinition {
  return {
    name: 'integrations.queue-alerts',
    schedule: '1 hour',
    run: () => queueAlerts(createJobContext(dependencies)),
  };
}

const dataSchema = z.object({ organizationId: z.uuid() });

/** Evaluates the alert rules of one organization. */
export function evaluateAlertsJob(dependencies: Dependencies): JobDefinition<z.output<typeof dataSchema>> {
  return {
    name: EVALUATE_ALERTS,
    parse: (data) => dataSchema.parse(data),
    run: ({ organizationId }, { signal }) =>
      evaluateAlerts(createJobContext(dependencies, organizationId), { organizationId, signal }),
  };
}
