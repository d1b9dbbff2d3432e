import type { RequestContext } from '#runtime/scope/scope.js';
import type { Postponement } from './postpone.js';
import type { WorkerRepository } from './take-gate.js';

export interface JobTag {
  /** Stays the same through retries and replays. */
  id: string;
  idempotencyKey?: string;
  origin?: RequestContext;
}

export type StoredData = Record<string, unknown> & {
  key?: string;
  _job?: JobTag;
  /** While it waits for what is unavailable. */
  _postponement?: Postponement;
};

export interface QueuedJob {
  id: string;
  state: 'waiting' | 'running';
  /** In percent. */
  progress: number | undefined;
  failures: number;
}

/** A job that was given up, until an operator replays or discards it. */
export interface DeadLetter {
  id: string;
  name: string;
  data: Record<string, unknown>;
  cause: string;
  attempts: number;
  /** Of the request that enqueued it: its log lines, and those of the job, carry it. Undefined without one. */
  requestId: string | undefined;
  diedAt: Date;
}

export interface JobKindStatus {
  name: string;
  /** Not running, jobs scheduled for later included. */
  waiting: number;
  running: number;
  dead: number;
  /** When the oldest due job became due; undefined when none is. */
  oldestWaitingSince: Date | undefined;
  nextRunAt: Date | undefined;
}

export interface ReclaimedJob {
  name: string;
  id: string;
  attempts: number;
  isDead: boolean;
}

export interface ReclaimOptions {
  /** Each is given up after so many vanished workers: it may be the cause. */
  kinds: { name: string; maxAttempts: number }[];
  /** A worker that renewed no lock since counts as dead. */
  silentSince: Date;
  now: Date;
}

/** A store of jobs: Agenda's `repository` and the methods it lacks. */
export interface JobStore {
  kind: 'PostgreSQL' | 'MongoDB';
  repository: WorkerRepository;
  /** Runs `connect` while no other process prepares the same store. */
  prepare(connect: () => Promise<void>): Promise<void>;
  /** Adds a job atomically; false while one with its key is queued. */
  add(name: string, key: string, data: StoredData): Promise<boolean>;
  /**
   * Runs jobs of this kind every `interval`, first at `nextRunAt`. Idempotent: a stored schedule keeps its next run,
   * unless that is after `latest`: then a clock that was ahead stored it, and it moves to `nextRunAt`.
   */
  schedule(name: string, interval: string, nextRunAt: Date, latest: Date): Promise<void>;
  find(name: string, key: string): Promise<QueuedJob | null>;
  /** Removes a job and returns its id; undefined when there is none. */
  cancel(name: string, key: string): Promise<string | undefined>;
  remove(id: string): Promise<void>;
  /** Turns a job into a dead letter, which frees its key. */
  bury(id: string): Promise<void>;
  /** Puts jobs of vanished workers first in the queue, or gives them up, and returns them. */
  reclaim(options: ReclaimOptions): Promise<ReclaimedJob[]>;
  deadLetters(limit: number, name?: string): Promise<DeadLetter[]>;
  /**
   * Returns the name of the replayed job; undefined without such a dead letter. Throws Conflict when its key is taken.
   */
  replay(id: string): Promise<string | undefined>;
  discard(id: string): Promise<boolean>;
  /** Removes every job on demand about an organization or enqueued by it, dead letters included. */
  discardOf(organizationId: string): Promise<void>;
  status(now: Date): Promise<JobKindStatus[]>;
  ping(): Promise<unknown>;
  close(): Promise<void>;
}

/** A job is no longer this worker's: cancelled or reclaimed. */
export class JobGone extends Error {}

export const VANISHED = 'The worker vanished in the middle of it.';

/** Returns the data as handlers see them. */
export function handlerData(data: StoredData | null | undefined): Record<string, unknown> {
  const { _job, _postponement, ...rest } = data ?? {};
  return rest;
}
