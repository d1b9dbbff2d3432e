import type { JobParameters, JobRepository } from 'agenda';
import { withinTime } from '#runtime/process/within-time.js';

/** How long a stop waits for the store, which may be away. What is not given back by then is taken for a dead worker's. */
const GIVE_BACK_MS = 2_000;

/**
 * Returns what ends the taking of jobs from a repository. A job that is just being taken is given back before that resolves:
 * Agenda, which was told to stop, would keep it locked.
 */
export function limitTaking(repository: JobRepository): () => Promise<void> {
  const take = repository.getNextJobToRun.bind(repository);
  const taking = new Set<Promise<JobParameters | undefined>>();
  let isOver = false;

  async function takeOrGiveBack(...wish: Parameters<typeof take>): Promise<JobParameters | undefined> {
    const job = await take(...wish);
    if (!job || !isOver) return job;
    await repository.unlockJob(job);
    return undefined;
  }
  repository.getNextJobToRun = async (...wish) => {
    if (isOver) return undefined;
    const taken = takeOrGiveBack(...wish);
    taking.add(taken);
    return taken.finally(() => taking.delete(taken));
  };
  return async () => {
    isOver = true;
    await withinTime(Promise.allSettled(taking), GIVE_BACK_MS).catch(() => {});
  };
}
