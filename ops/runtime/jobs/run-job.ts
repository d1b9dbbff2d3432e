import { randomUUID } from 'node:crypto';
import type { Job } from 'agenda';
import type { Alerts } from '#runtime/alert.js';
import type { Logger } from '#runtime/log/logger.js';
import { withRequestContext } from '#runtime/scope/request-context.js';
import { type CompletionLedger, completeOnce } from './completion.js';
import { type JobDefinition, type JobRun, MAX_RETRIES, UnrecoverableError } from './job-definition.js';
import { handlerData, JobGone, type StoredData } from './job-store.js';
import { isUnavailable, postpone } from './postpone.js';

/** A worker notices at the latest after this time that its job was cancelled. */
const RENEW_EVERY_MS = 5_000;

export type JobOutcome = 'done' | 'failed' | 'dead' | 'postponed';

export interface RunOptions {
  logger: Logger;
  alerts?: Alerts;
  ledger?: CompletionLedger;
  lockLifetimeMs: number;
  /** The pause before the first retry; it doubles with each. */
  firstRetryMs: number;
  around?(job: { id: string; name: string; data: Record<string, unknown> }, run: () => Promise<void>): Promise<void>;
  onSettled?(name: string, outcome: JobOutcome, seconds: number): void;
}

/** The key of the ledger for a job with an idempotency key. */
export const doneKeyOf = (idempotencyKey: string) => `done ${idempotencyKey}`;

// A SyntaxError is not among them: a truncated answer causes one, too.
const PROGRAMMING_ERRORS = new Set(['TypeError', 'ReferenceError', 'RangeError']);

/**
 * Whether a retry may succeed: not after an UnrecoverableError or a programming error. An error with a cause is none: `fetch` throws
 * a TypeError for a lost connection. By name, as errors of Node.js itself may come from another realm.
 */
export function isRetryable(error: unknown): boolean {
  if (error instanceof UnrecoverableError) return false;
  return !(error instanceof Error && error.cause === undefined && PROGRAMMING_ERRORS.has(error.name));
}

export function isLastAttempt({ maxRetries = MAX_RETRIES }: JobDefinition<never>, attempt: number, error: unknown) {
  return attempt > maxRetries || !isRetryable(error);
}

/** Ends a run that is no attempt: what the job needs is unavailable, and it runs again after the pause. */
export class Postponed extends Error {
  readonly pauseMs: number;

  constructor(cause: unknown, pauseMs: number) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'Postponed';
    this.pauseMs = pauseMs;
  }
}

/** Returns how a job waits after an error; null when it does not, or has waited for a day. A schedule's next run comes no later for it. */
function postponedBy(error: unknown, { attrs }: Job<StoredData>, firstPauseMs: number): Postponed | null {
  if (!isUnavailable(error) || !isRetryable(error)) return null;
  const now = new Date();
  const next = postpone(attrs.data?._postponement, { now, firstPauseMs });
  if (!next) return null;
  attrs.data = { ...attrs.data, _postponement: next.postponement };
  const askedMs = 1_000 * ((error as { retryAfter?: number }).retryAfter ?? 0);
  const untilNextMs = attrs.nextRunAt ? Math.max(0, attrs.nextRunAt.getTime() - now.getTime()) : undefined;
  return new Postponed(error, Math.min(Math.max(next.pauseMs, askedMs), untilNextMs ?? Number.POSITIVE_INFINITY));
}

function forgetPostponement({ attrs }: Job<StoredData>): void {
  if (!attrs.data?._postponement) return;
  const { _postponement, ...data } = attrs.data;
  attrs.data = data;
}

function parseData({ name, parse }: JobDefinition<never>, data: Record<string, unknown>): never {
  try {
    return (parse ? parse(data) : data) as never;
  } catch (cause) {
    throw new UnrecoverableError(`The data of a job ${name} cannot be used: ${(cause as Error).message}`, { cause });
  }
}

function effectKey(job: Job<StoredData>, part: string | undefined): string {
  const { data, repeatInterval, _id, name } = job.attrs;
  if (repeatInterval && part === undefined) throw new Error(`The job ${name} has a schedule: say which run this is.`);
  const { id = String(_id), idempotencyKey } = data?._job ?? {};
  const owner = idempotencyKey === undefined ? `job ${id}` : `key ${idempotencyKey}`;
  return part === undefined ? owner : `${owner} ${part}`;
}

function runOf(job: Job<StoredData>, signal: AbortSignal): JobRun {
  return {
    signal,
    attempt: (job.attrs.failCount ?? 0) + 1,
    reportProgress: (percent) => job.touch(percent),
    once: async (database, effect, part) => completeOnce(database, job.attrs.name, effectKey(job, part), effect),
  };
}

/** Renews a job's lock until the returned function is called; aborts the run when the lock is lost. */
function keepLock(job: Job<StoredData>, run: AbortController, lockLifetimeMs: number): () => void {
  let renewedAt = Date.now();
  const renew = async () => {
    try {
      await job.touch(job.attrs.progress);
      renewedAt = Date.now();
    } catch (error) {
      // A store may be away for a moment, but no longer than the lock's lifetime.
      if (error instanceof JobGone || Date.now() - renewedAt > lockLifetimeMs) run.abort(error);
    }
  };
  const timer = setInterval(renew, Math.min(lockLifetimeMs / 3, RENEW_EVERY_MS));
  const stop = () => clearInterval(timer);
  run.signal.addEventListener('abort', stop);
  return stop;
}

/**
 * Runs a job once. Throws what its handler throws, unless it was cancelled or reclaimed; Postponed when it waits for what is
 * unavailable.
 */
export async function runJob(
  job: Job<StoredData>,
  definition: JobDefinition<never>,
  cancellation: AbortController,
  options: RunOptions,
): Promise<void> {
  const { logger, alerts, ledger, lockLifetimeMs, firstRetryMs, around, onSettled } = options;
  const { name } = definition;
  const id = String(job.attrs._id);
  const { origin, idempotencyKey } = job.attrs.data?._job ?? {};
  const data = handlerData(job.attrs.data);
  const run = runOf(job, cancellation.signal);
  const startedAt = performance.now();
  const settle = (outcome: JobOutcome) => onSettled?.(name, outcome, (performance.now() - startedAt) / 1000);
  const doneKey = idempotencyKey === undefined ? undefined : doneKeyOf(idempotencyKey);

  const request = origin ?? { requestId: randomUUID() };
  const handle = async () => {
    if (doneKey && (await ledger?.has(name, doneKey))) return;
    await definition.run(parseData(definition, data), run);
    if (doneKey) await ledger?.add(name, doneKey);
  };

  await withRequestContext(request, async () => {
    const stopRenewing = keepLock(job, cancellation, lockLifetimeMs);
    try {
      await (around ? around({ id, name, data }, handle) : handle());
      forgetPostponement(job);
      settle('done');
    } catch (error) {
      if (cancellation.signal.aborted || error instanceof JobGone) {
        logger.info({ job: name, jobId: id }, `Job ${name} stopped: it was cancelled or reclaimed by another worker`);
        return;
      }
      const postponed = postponedBy(error, job, firstRetryMs);
      if (postponed) {
        settle('postponed');
        const until = new Date(Date.now() + postponed.pauseMs);
        logger.warn({ err: error, job: name, jobId: id, until }, `Job ${name} waits for what is unavailable`);
        throw postponed;
      }
      if (!isUnavailable(error)) forgetPostponement(job);
      const isLast = isLastAttempt(definition, run.attempt, error);
      settle(isLast ? 'dead' : 'failed');
      const details = { jobId: id, attempt: run.attempt, data };
      if (isLast) {
        const next = job.attrs.repeatInterval ? 'It runs again when it is due.' : 'Look at it and replay it at /jobs.';
        const attempts = run.attempt === 1 ? '1 attempt' : `${run.attempt} attempts`;
        const message = `Job ${name} was given up after ${attempts}. ${next}`;
        const { requestId, organizationId } = request;
        logger.error({ err: error, job: name, ...details, alert: true }, message);
        alerts?.raise({
          category: 'job',
          key: name,
          runbook: 'jobs-given-up',
          message,
          error,
          requestId,
          organizationId,
          details,
          isLogged: true,
        });
      } else logger.warn({ err: error, job: name, ...details }, `Job ${name} failed and will be retried`);
      throw error;
    } finally {
      stopRenewing();
    }
  });
}
