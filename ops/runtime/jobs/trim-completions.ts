import type { DataSource } from 'typeorm';
import { COMPLETION_DAYS } from './completion.js';
import type { JobDefinition } from './job-definition.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Forgets jobs that were done so long ago that nobody asks for them again. */
export function trimCompletionsJob(operations: DataSource, now: () => Date): JobDefinition {
  return {
    name: 'operations.trim-job-completions',
    schedule: '1 day',
    run: async () => {
      const before = new Date(now().getTime() - COMPLETION_DAYS * DAY_MS);
      await operations.query('DELETE FROM operations.job_completion WHERE completed_at < $1', [before]);
    },
  };
}
