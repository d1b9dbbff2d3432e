import type { JobDefinition } from '../../../ops/runtime/jobs/jobs.js';
import type { Equipment } from '../equipment.js';
import { copyHistory, type HistoryJob } from '../services/copy-history.js';
import { COPY_HISTORY } from '../services/queue-due-histories.js';

// Each has up to 6,000 rows in memory.
const AT_ONCE = 2;

/** Copies the days of one account. */
export function copyHistoryJob(equipment: Equipment): JobDefinition<HistoryJob> {
  return { name: COPY_HISTORY, concurrency: AT_ONCE, run: (job, run) => copyHistory(equipment, job, run) };
}
