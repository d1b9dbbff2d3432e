import { Histogram } from 'prom-client';
import { currentRequestContext } from '#runtime/scope/request-context.js';
import { inSpan } from '#runtime/scope/spans.js';
import { ageOf, FigureSource, figureGauge } from './figure-source.js';
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

/** Counts a run of a job, its outcome, such as `done`, `failed` or `dead`, and its duration. */
export function observeJob(name: string, outcome: string, seconds: number): void {
  runs.observe({ job: nameLabel(name), outcome }, seconds);
}

/** Runs a job in a span: a child of the request that enqueued it, or the root of a trace for a scheduled job. */
export function traceJob<Result>({ name }: { name: string }, run: () => Promise<Result>): Promise<Result> {
  const attributes = { 'messaging.operation.type': 'process', 'messaging.destination.name': name };
  const parent = currentRequestContext()?.traceparent;
  return inSpan(`job ${name}`, { kind: 'consumer', parent, attributes }, () => run());
}

export interface QueuedKind {
  name: string;
  waiting: number;
  running: number;
  dead: number;
  /** When the oldest due job became due. */
  oldestWaitingSince?: Date | undefined;
}

const source = new FigureSource<QueuedKind[]>();

/** Shows the queue in the metrics, read on each scrape; undefined = no longer. */
export function watchQueue(reader: (() => Promise<QueuedKind[]>) | undefined): void {
  source.watch(reader);
}

/** Returns the kinds of jobs in the queue; undefined while it cannot be read, or in a process without it. */
export const readQueue = (): Promise<QueuedKind[] | undefined> => source.read();

figureGauge(source, {
  name: 'webmetrics_job_queue_jobs',
  help: 'Jobs in the queue of the installation, by kind and state: waiting, running, or given up (dead).',
  labelNames: ['job', 'state'],
  samples: (kinds) =>
    kinds.flatMap(({ name: job, waiting, running, dead }) =>
      Object.entries({ waiting, running, dead }).map(([state, value]) => ({ labels: { job, state }, value })),
    ),
});

figureGauge(source, {
  name: 'webmetrics_job_queue_oldest_waiting_seconds',
  help: 'How long the oldest due job of a kind has been waiting; 0 when none is.',
  labelNames: ['job'],
  samples: (kinds) =>
    kinds.map(({ name: job, oldestWaitingSince }) => ({ labels: { job }, value: ageOf(oldestWaitingSince) })),
});
