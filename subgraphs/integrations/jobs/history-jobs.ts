import { createJobContext } from '#integrations/create-context.js';
import type { Dependencies } from '#integrations/dependencies.js';
import { copyHistory, type HistoryJob } from '#integrations/services/history/copy-history.js';
import { openHistories } from '#integrations/services/history/open-histories.js';
import { COPY_HISTORY, queueDueHistories } from '#integrations/services/history/queue-due-histories.js';
import { trimHistories } from '#integrations/services/history/trim-histories.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';

// Each holds up to 6,000 rows in memory.
const CONCURRENCY = 2;

/** Queues the accounts with days to copy: each at night in its time zone, and due retries. */
export function queueHistoriesJob(dependencies: Dependencies): JobDefinition {
  return {
    name: 'integrations.queue-histories',
    schedule: '1 minute',
    run: () => queueDueHistories(createJobContext(dependencies)),
  };
}

/** Creates missing histories of all organizations: those of a new connection are created with it. */
export function openHistoriesJob(dependencies: Dependencies): JobDefinition {
  return {
    name: 'integrations.open-histories',
    schedule: '10 minutes',
    run: () => openHistories(createJobContext(dependencies), {}),
  };
}

/** Copies the days of one account. */
export function copyHistoryJob(dependencies: Dependencies): JobDefinition<HistoryJob> {
  return {
    name: COPY_HISTORY,
    concurrency: CONCURRENCY,
    run: (job, run) => copyHistory(createJobContext(dependencies, job.organizationId), { ...job, run }),
  };
}

/** Makes and drops partitions of copied days. */
export function trimHistoriesJob(dependencies: Dependencies): JobDefinition {
  return {
    name: 'integrations.trim-histories',
    schedule: '1 day',
    run: () => trimHistories(createJobContext(dependencies)),
  };
}
