import { randomUUID } from 'node:crypto';
import { Agenda, type Job } from 'agenda';
import type { JobSignals } from './job-signals.js';
import type { JobStore } from './job-store.js';

/** Each kind has a limit; a common one would let a full kind block the others. */
const NO_LIMIT = 1_000_000;

export interface AgendaOptions {
  store: JobStore;
  signals: JobSignals;
  lockLifetimeMs: number;
  pollMs: number;
}

/** Connects Agenda to the store without starting it. */
export async function connectAgenda({ store, signals, lockLifetimeMs, pollMs }: AgendaOptions): Promise<Agenda> {
  let agenda: Agenda | undefined;
  await store.prepare(async () => {
    agenda = new Agenda({
      // Stored with every job taken, so that it writes to none that another has reclaimed.
      name: `worker ${randomUUID()}`,
      backend: {
        name: store.kind,
        repository: store.repository,
        notificationChannel: signals,
        ownsConnection: false,
        connect: () => store.repository.connect(),
        disconnect: async () => {},
      },
      processEvery: pollMs,
      maxConcurrency: NO_LIMIT,
      defaultLockLifetime: lockLifetimeMs,
      removeOnComplete: false,
    });
    // An unhandled rejection would end the process before the caller can report it.
    agenda.ready.catch(() => {});
    await agenda.ready;
  });
  if (!agenda) throw new Error(`The ${store.kind} job store did not connect.`);
  return agenda;
}

/** The jobs of this process, as live lists. */
export interface HeldJobs {
  running: readonly Job[];
  /** The running ones, and those that are taken to run. */
  locked: readonly Job[];
}

/**
 * Returns the jobs of a started worker. Its lists are private, and Agenda's version pinned: the public `drain` can miss the
 * last job's end and wait out its timeout, and keeps jobs locked that have not begun.
 */
export function heldJobsOf(agenda: Agenda): HeldJobs {
  const { jobProcessor } = agenda as unknown as { jobProcessor?: { runningJobs?: unknown; lockedJobs?: unknown } };
  const { runningJobs: running, lockedJobs: locked } = jobProcessor ?? {};
  if (!Array.isArray(running) || !Array.isArray(locked)) {
    throw new Error(
      'This version of Agenda has no jobProcessor.runningJobs and lockedJobs: find another way to wait for running jobs.',
    );
  }
  return { running, locked };
}
