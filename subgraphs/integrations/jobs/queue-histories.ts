import type { Equipment } from '#integrations/equipment.js';
import { queueDueHistories } from '#integrations/services/history/queue-due-histories.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

/** Looks for accounts that have days to copy: each at night where it is, and whatever was put off until now. */
export function queueHistoriesJob(equipment: Equipment): JobDefinition {
  return { name: 'integrations.queue-histories', schedule: '1 minute', run: () => queueDueHistories(equipment) };
}
