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

/** Counts a run of a job and how long it took. */
export function observeJob(name: string, outcome: string, seconds: number): void {
  runs.observe({ job: nameLabel(name), outcome }, seconds);
}

/** How full the queue is. */
export interface QueueFigures {
  /** Jobs that wait, by their state, for example `waiting`, `running` and `failed`. */
  counts: Record<string, number>;
  /** How long the oldest job has been waiting although it is due; 0 = none is. */
  oldestWaitingSeconds: number;
}

let read: (() => Promise<QueueFigures>) | undefined;

/** Says where the figures of the queue are read each time they are asked for; undefined = nowhere any more. */
export function watchQueue(reader: (() => Promise<QueueFigures>) | undefined): void {
  read = reader;
}

let reading: Promise<QueueFigures | undefined> | undefined;

/**
 * The figures, read once for all who show a part of them. None while the store of the queue is away: then nothing is
 * shown, which is not the same as nothing waiting.
 */
function readFigures(): Promise<QueueFigures | undefined> {
  reading ??= (async () => read?.())()
    .catch(() => undefined)
    .finally(() => {
      reading = undefined;
    });
  return reading;
}

new Gauge({
  name: 'webmetrics_job_queue_jobs',
  help: 'Jobs in the queue of the installation, by their state.',
  labelNames: ['state'],
  registers: [registry],
  async collect() {
    const figures = await readFigures();
    this.reset();
    for (const [state, count] of Object.entries(figures?.counts ?? {})) this.set({ state }, count);
  },
});

new Gauge({
  name: 'webmetrics_job_queue_oldest_waiting_seconds',
  help: 'How long the oldest due job has been waiting; 0 when none is.',
  // A gauge without labels would say 0 where nothing is known.
  labelNames: ['queue'],
  registers: [registry],
  async collect() {
    const figures = await readFigures();
    this.reset();
    if (figures) this.set({ queue: 'jobs' }, figures.oldestWaitingSeconds);
  },
});
