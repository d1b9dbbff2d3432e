import { randomUUID } from 'node:crypto';
import { Agenda, type Job } from 'agenda';
import type { JobSignals } from './job-signals.js';
import type { JobStore } from './job-store.js';

/** Each kind has a limit of its own; one for all of them would let a full kind block the others. */
const NO_LIMIT = 1_000_000;

export interface AgendaOptions {
  store: JobStore;
  signals: JobSignals;
  lockLifetimeMs: number;
  pollMs: number;
}

/** Connects Agenda to the store, not yet started: a process that only enqueues needs no more. */
export async function connectAgenda({ store, signals, lockLifetimeMs, pollMs }: AgendaOptions): Promise<Agenda> {
  let agenda: Agenda | undefined;
  await store.prepare(async () => {
    agenda = new Agenda({
      // Written to every job this process takes: what another has taken since, it no longer writes to.
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
    // An unhandled rejection of `ready` would end the process before anyone can say which service is away.
    agenda.ready.catch(() => {});
    await agenda.ready;
  });
  if (!agenda) throw new Error(`The ${store.kind} job store did not connect.`);
  return agenda;
}

/**
 * Returns the jobs a started Agenda is running, as a list it keeps up to date. Agenda has no public way to wait for them:
 * its `drain` looks before the last job is gone and then waits out the timeout, and keeps jobs locked that it has not
 * begun. The list is private, so Agenda is pinned; this throws when a version has it no more.
 */
export function runningJobsOf(agenda: Agenda): readonly Job[] {
  const { jobProcessor } = agenda as unknown as { jobProcessor?: { runningJobs?: unknown } };
  const running = jobProcessor?.runningJobs;
  if (!Array.isArray(running)) {
    throw new Error(
      'This version of Agenda has no jobProcessor.runningJobs: find another way to wait for running jobs.',
    );
  }
  return running;
}
