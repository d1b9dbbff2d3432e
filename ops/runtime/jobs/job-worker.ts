import { setTimeout as wait } from 'node:timers/promises';
import { type Agenda, backoffStrategies, type Job } from 'agenda';
import { withTimeout } from 'es-toolkit/promise';
import { type HeldJobs, heldJobsOf } from './connect-agenda.js';
import { CONCURRENCY, type JobDefinition, MAX_RETRIES } from './job-definition.js';
import type { JobSignals } from './job-signals.js';
import { JobGone, type JobStore, type StoredData, VANISHED } from './job-store.js';
import { isRetryable, Postponed, type RunOptions, runJob } from './run-job.js';

const MAX_RETRY_MS = 60 * 60 * 1_000;
/** Fewer vanished workers do not count against a job. */
const MIN_VANISHED = 3;
const LOG_EVERY_MS = 60_000;
/** A clock may have been ahead when schedules were stored. */
const SCHEDULE_EVERY_MS = 10 * 60_000;
/** Longer than a sweep of many jobs takes: one that waits for ever is followed by others. */
const SWEEP_LIMIT_MS = 5 * 60_000;
/** Agenda's error for a job whose end is just being saved: no failure. */
const BEING_FINISHED = /no lockedAt date found/;
const DRAIN_POLL_MS = 20;

export interface WorkerOptions extends RunOptions {
  agenda: Agenda;
  store: JobStore;
  signals: JobSignals;
  pollMs: number;
}

/** Runs jobs in this process, reclaims those of vanished workers, and keeps schedules. */
export class JobWorker {
  readonly #options: WorkerOptions;
  readonly #definitions = new Map<string, JobDefinition<never>>();
  readonly #cancellations = new Map<string, AbortController>();
  #loggedAt = Number.NEGATIVE_INFINITY;
  #scheduledAt = performance.now();
  #started: Promise<void> | undefined;
  #held: HeldJobs = { running: [], locked: [] };
  #sweepTimer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { agenda, signals, logger } = options;
    signals.onCancel((id) => this.#cancellations.get(id)?.abort(new JobGone('The job was cancelled.')));
    agenda.on('error', (error: Error) => this.#logError(error));
    // Agenda has counted it: waiting is no attempt.
    agenda.on('fail', (error: unknown, { attrs }: Job) => {
      if (error instanceof Postponed) attrs.failCount = Math.max(0, (attrs.failCount ?? 0) - 1);
    });
    agenda.on('complete', (job: Job) => {
      this.#settle(job as Job<StoredData>).catch((error) =>
        logger.warn({ err: error }, 'Removing a finished job from the queue failed'),
      );
    });
  }

  #logError(error: Error): void {
    if (error instanceof JobGone || BEING_FINISHED.test(error.message)) return;
    if (Date.now() - this.#loggedAt < LOG_EVERY_MS) return;
    this.#loggedAt = Date.now();
    this.#options.logger.error({ err: error }, 'Job queue failed');
  }

  get agenda(): Agenda {
    return this.#options.agenda;
  }

  /** How many jobs run here. */
  get running(): number {
    return this.#held.running.length;
  }

  async work(definitions: JobDefinition<never>[]): Promise<void> {
    for (const definition of definitions) this.#define(definition);
    // After the definitions, or it would find jobs only when it polls.
    await this.#start();
    for (const definition of definitions) await this.#schedule(definition);
    for (const { name } of definitions) this.#wake(name);
    this.#keepSweeping();
  }

  #wake(name: string): void {
    this.#options.signals.wake(name, { everywhere: false });
  }

  #define(definition: JobDefinition<never>): void {
    const { agenda, firstRetryMs } = this.#options;
    const { name, maxRetries = MAX_RETRIES, concurrency = CONCURRENCY } = definition;
    this.#definitions.set(name, definition);
    const backoff = backoffStrategies.exponential({ delay: firstRetryMs, maxRetries, maxDelay: MAX_RETRY_MS });
    agenda.define<StoredData>(name, (job) => this.#run(job, definition), {
      concurrency,
      // Locks no more than it can run: other workers take the rest.
      lockLimit: concurrency,
      backoff: (context) => {
        if (context.error instanceof Postponed) return context.error.pauseMs;
        return isRetryable(context.error) ? backoff(context) : null;
      },
    });
  }

  async #run(job: Job<StoredData>, definition: JobDefinition<never>): Promise<void> {
    const id = String(job.attrs._id);
    const cancellation = new AbortController();
    this.#cancellations.set(id, cancellation);
    try {
      await runJob(job, definition, cancellation, this.#options);
    } finally {
      this.#cancellations.delete(id);
    }
  }

  #start(): Promise<void> {
    const { agenda } = this.#options;
    this.#started ??= agenda
      .start()
      .then(() => {
        this.#held = heldJobsOf(agenda);
      })
      .catch((error: Error) => {
        // The next call tries again.
        this.#started = undefined;
        throw error;
      });
    return this.#started;
  }

  /** Whether no more jobs of a kind were taken: others may wait. */
  #isFull(name: string): boolean {
    const { concurrency = CONCURRENCY } = this.#definitions.get(name) ?? {};
    return this.#held.locked.filter(({ attrs }) => attrs.name === name).length >= concurrency;
  }

  /** Cleans up after an attempt, and looks for the next job where this one was in its way. */
  async #settle({ attrs }: Job<StoredData>): Promise<void> {
    const { store, pollMs } = this.#options;
    const { name, nextRunAt, failedAt, lastFinishedAt } = attrs;
    const id = String(attrs._id);
    if (this.#isFull(name)) setImmediate(() => this.#wake(name));
    if (nextRunAt) {
      const pauseMs = nextRunAt.getTime() - Date.now();
      if (pauseMs <= 10 * pollMs) setTimeout(() => this.#wake(name), pauseMs + 1).unref();
      return;
    }
    const hasFailed = failedAt && lastFinishedAt && failedAt >= lastFinishedAt;
    if (hasFailed) await store.bury(id);
    else await store.remove(id);
  }

  async #schedule({ name, schedule }: JobDefinition<never>): Promise<void> {
    if (!schedule) return;
    const { agenda, store } = this.#options;
    const first = agenda.create(name).repeatEvery(schedule).attrs.nextRunAt;
    const next = agenda.create(name).repeatEvery(schedule, { skipImmediate: true }).attrs.nextRunAt;
    // A pause after a failure can be longer than the interval.
    if (first && next) await store.schedule(name, schedule, first, new Date(next.getTime() + 2 * MAX_RETRY_MS));
  }

  /** At a random interval, so that workers do not sweep at once. */
  #keepSweeping(): void {
    const { agenda, pollMs, lockLifetimeMs } = this.#options;
    const sweep = () => {
      this.#sweeping ??= withTimeout(() => this.#sweep(), SWEEP_LIMIT_MS)
        .catch((error) => void agenda.emit('error', error))
        .finally(() => {
          this.#sweeping = undefined;
        });
    };
    this.#sweepTimer ??= setInterval(sweep, Math.min(pollMs, lockLifetimeMs) * (0.75 + Math.random() / 2));
  }

  async #sweep(): Promise<void> {
    await this.#reclaim();
    if (performance.now() - this.#scheduledAt < SCHEDULE_EVERY_MS) return;
    this.#scheduledAt = performance.now();
    for (const definition of this.#definitions.values()) await this.#schedule(definition);
  }

  /** Of all kinds at once, as an idle installation does nothing else every few seconds. */
  async #reclaim(): Promise<void> {
    const { store, logger, alerts, lockLifetimeMs } = this.#options;
    const now = new Date();
    const silentSince = new Date(now.getTime() - lockLifetimeMs);
    const kinds = [...this.#definitions.values()].map(({ name, maxRetries = MAX_RETRIES }) => ({
      name,
      maxAttempts: Math.max(maxRetries + 1, MIN_VANISHED),
    }));
    for (const { name, id, attempts, isDead } of await store.reclaim({ kinds, silentSince, now })) {
      logger.warn({ job: name, jobId: id, attempts }, `Job ${name} reclaimed from a vanished worker`);
      this.#wake(name);
      if (!isDead) continue;
      const message = `Job ${name} was given up: ${attempts} workers vanished with it. Look at it and replay it at /jobs.`;
      const kind = { category: 'job', key: name, runbook: 'jobs-given-up' } as const;
      alerts?.raise({ ...kind, message, error: new Error(VANISHED), details: { jobId: id } });
    }
  }

  /** Starts no more jobs, and releases those not begun. */
  async stop(): Promise<void> {
    clearInterval(this.#sweepTimer);
    await Promise.all([this.#sweeping, this.#options.store.repository.stopTaking()]);
    await this.#options.agenda.stop(false);
  }

  /** Starts no more jobs and waits for the running ones, up to the timeout. */
  async drain(timeoutMs: number): Promise<void> {
    await this.stop();
    const deadline = Date.now() + timeoutMs;
    while (this.#held.running.length > 0 && Date.now() < deadline) await wait(DRAIN_POLL_MS);
  }
}
