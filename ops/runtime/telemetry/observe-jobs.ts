import { Gauge, Histogram } from 'prom-client';
import { boundLabel, registry, WORK_BUCKETS } from './registry.js';

const MAX_NAMES = 100;

const runs = new Histogram({
  name: 'webmetrics_job_duration_seconds',
  help: 'Runs of background jobs in this process, by how they ended.',
  labelNames: ['job', 'outcome'],
  buckets: WORK_BUCKETS,
  registers: [registry],
});

const nameLabel = boundLabel(MAX_NAMES);

/** Counts a run of a job, how it ended – for example `done`, `failed`, `dead` – and how long it took. */
export function observeJob(name: string, outcome: string, seconds: number): void {
  runs.observe({ job: nameLabel(name), outcome }, seconds);
}

/** How one kind of job is doing. */
export interface QueuedKind {
  name: string;
  waiting: number;
  running: number;
  /** Given up, and kept for somebody to look at. */
  dead: number;
  /** When the oldest job that could run now should have run. */
  oldestWaitingSince?: Date | undefined;
}

let read: (() => Promise<QueuedKind[]>) | undefined;

/** Says where the state of the queue is read each time it is asked for; undefined = nowhere any more. */
export function watchQueue(reader: (() => Promise<QueuedKind[]>) | undefined): void {
  read = reader;
}

let reading: Promise<QueuedKind[]> | undefined;

/**
 * The queue, read once for all who show a part of it. Nothing while its store is away: then nothing is shown, which is not
 * the same as nothing waiting.
 */
function readQueue(): Promise<QueuedKind[]> {
  reading ??= (async () => (await read?.()) ?? [])()
    .catch(() => [])
    .finally(() => {
      reading = undefined;
    });
  return reading;
}

new Gauge({
  name: 'webmetrics_job_queue_jobs',
  help: 'Jobs in the queue of the installation, by kind and state: waiting, running, or given up (dead).',
  labelNames: ['job', 'state'],
  registers: [registry],
  async collect() {
    const kinds = await readQueue();
    this.reset();
    for (const { name, waiting, running, dead } of kinds) {
      for (const [state, count] of Object.entries({ waiting, running, dead })) this.set({ job: name, state }, count);
    }
  },
});

new Gauge({
  name: 'webmetrics_job_queue_oldest_waiting_seconds',
  help: 'How long the oldest due job of a kind has been waiting; 0 when none is.',
  labelNames: ['job'],
  registers: [registry],
  async collect() {
    const kinds = await readQueue();
    this.reset();
    for (const { name, oldestWaitingSince } of kinds) {
      const waitedMs = oldestWaitingSince ? Date.now() - oldestWaitingSince.getTime() : 0;
      this.set({ job: name }, Math.max(0, waitedMs / 1_000));
    }
  },
});
