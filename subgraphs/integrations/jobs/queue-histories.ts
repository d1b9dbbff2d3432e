import type { JobDefinition } from '../../../ops/runtime/jobs/jobs.js';
import type { Equipment } from '../equipment.js';
import { queueDueHistories } from '../services/queue-due-histories.js';

/** Looks for accounts that have days to copy: each at night where it is, and whatever was put off until now. */
export function queueHistoriesJob(equipment: Equipment): JobDefinition {
  return { name: 'integrations.queue-histories', schedule: '1 minute', run: () => queueDueHistories(equipment) };
}
