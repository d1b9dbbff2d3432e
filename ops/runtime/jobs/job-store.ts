import type { JobRepository } from 'agenda';
import type { RequestContext } from '#runtime/scope/request-context.js';

/** What the queue writes beside the data of a job; handlers do not see it. */
export interface JobTag {
  /** Stays the same through retries and replays. */
  id: string;
  idempotencyKey?: string;
  /** The request that asked for the job. */
  origin?: RequestContext;
}

/** Data of a job as they are stored. */
export type StoredData = Record<string, unknown> & { key?: string; _job?: JobTag };

/** A job in the queue, as others see it. */
export interface QueuedJob {
  id: string;
  state: 'waiting' | 'running';
  /** What the handler reported last, 0 to 100. */
  progress: number | undefined;
  /** Attempts that failed so far. */
  failures: number;
}

/** A job that was given up. It stays until somebody replays or discards it. */
export interface DeadLetter {
  id: string;
  name: string;
  data: Record<string, unknown>;
  /** Why the last attempt failed. */
  cause: string;
  attempts: number;
  diedAt: Date;
}

/** How one kind of job is doing. */
export interface JobKindStatus {
  name: string;
  /** In the queue and not running, those for later included. */
  waiting: number;
  running: number;
  dead: number;
  /** When the oldest job that could run now should have run. */
  oldestWaitingSince: Date | undefined;
  nextRunAt: Date | undefined;
}

/** A job whose worker vanished. */
export interface ReclaimedJob {
  id: string;
  attempts: number;
  /** It had its last attempt. */
  isDead: boolean;
}

export interface ReclaimOptions {
  name: string;
  /** A worker that gave no sign of life since is dead. */
  silentSince: Date;
  /** A job whose workers vanish this often is given up: it may be what kills them. */
  maxAttempts: number;
  now: Date;
}

/** Where jobs are kept. Agenda runs them through `repository`; the rest is what Agenda has no operation for. */
export interface JobStore {
  kind: 'PostgreSQL' | 'MongoDB';
  repository: JobRepository;
  /** Runs `connect` while no other process prepares the same store. */
  prepare(connect: () => Promise<void>): Promise<void>;
  /** Puts a job in the queue and returns true, or false while one with its key is there. However many do it at once. */
  add(name: string, key: string, data: StoredData): Promise<boolean>;
  /**
   * Lets jobs of this kind run by the clock, first at `nextRunAt`. Where that is arranged already nothing changes, also
   * not for a run that is due: however many processes start, and when. A run that is to come only after `latest` was
   * arranged by a clock that was ahead; it would be waited for until then, and takes place at `nextRunAt` instead.
   */
  schedule(name: string, interval: string, nextRunAt: Date, latest: Date): Promise<void>;
  find(name: string, key: string): Promise<QueuedJob | null>;
  /** Removes a job that waits or runs, and returns its id. */
  cancel(name: string, key: string): Promise<string | undefined>;
  /** Removes a job that is done. */
  forget(id: string): Promise<void>;
  /** Keeps a job that was given up, and frees its key for the next one. */
  bury(id: string): Promise<void>;
  /** Puts jobs of vanished workers first in the queue, or gives them up. */
  reclaim(options: ReclaimOptions): Promise<ReclaimedJob[]>;
  deadLetters(limit: number, name?: string): Promise<DeadLetter[]>;
  /** Returns the name of the job that waits again; undefined when there is no such dead letter. Throws Conflict when its key is taken. */
  replay(id: string): Promise<string | undefined>;
  /** Returns whether there was such a dead letter. */
  discard(id: string): Promise<boolean>;
  /** Removes every job on demand that is about an organization or was asked for in it, dead ones included. */
  discardOf(organizationId: string): Promise<void>;
  status(now: Date): Promise<JobKindStatus[]>;
  ping(): Promise<unknown>;
  close(): Promise<void>;
}

/** A job is not in the queue any more, or is not this worker's: it was cancelled, or taken over. */
export class JobGone extends Error {}

export const VANISHED = 'The worker vanished in the middle of it.';

/** The data without what the queue wrote beside them. */
export function handlerData(data: StoredData | null | undefined): Record<string, unknown> {
  const { _job, ...rest } = data ?? {};
  return rest;
}
