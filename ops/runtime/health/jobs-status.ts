import type { JobKindStatus, Jobs } from '#runtime/jobs/jobs.js';

/** How the job queue is doing. */
export interface JobsStatus {
  backend: Jobs['backend'];
  waiting: number;
  running: number;
  /** Given up, and kept until somebody looks at them. */
  dead: number;
  /** How long the job that waits longest has been due. */
  oldestWaitingSince: Date | null;
  kinds: JobKindStatus[];
}

/** Returns how the job queue is doing, as a whole and by kind. */
export async function readJobsStatus(jobs: Pick<Jobs, 'backend' | 'status'>): Promise<JobsStatus> {
  const kinds = await jobs.status();
  const sum = (count: 'waiting' | 'running' | 'dead') => kinds.reduce((total, kind) => total + kind[count], 0);
  const waitingSince = kinds.flatMap((kind) => kind.oldestWaitingSince ?? []);
  const [oldestWaitingSince = null] = waitingSince.sort((one, other) => one.getTime() - other.getTime());
  return {
    backend: jobs.backend,
    waiting: sum('waiting'),
    running: sum('running'),
    dead: sum('dead'),
    oldestWaitingSince,
    kinds,
  };
}
