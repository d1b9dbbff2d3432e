import type { Equipment } from '#integrations/equipment.js';
import { copyHistory, type HistoryJob } from '#integrations/services/history/copy-history.js';
import { COPY_HISTORY } from '#integrations/services/history/queue-due-histories.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

// Each has up to 6,000 rows in memory.
const AT_ONCE = 2;

/** Copies the days of one account. */
export function copyHistoryJob(equipment: Equipment): JobDefinition<HistoryJob> {
  return { name: COPY_HISTORY, concurrency: AT_ONCE, run: (job, run) => copyHistory(equipment, job, run) };
}
