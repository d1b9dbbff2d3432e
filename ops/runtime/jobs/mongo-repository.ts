import { randomUUID } from 'node:crypto';
import { MongoJobRepository } from '@agendajs/mongo-backend';
import { type JobParameters, type JobRepositoryOptions, toJobId } from 'agenda';
import { withTimeout } from 'es-toolkit/promise';
import { type Collection, type Db, MongoServerError, ObjectId } from 'mongodb';
import { JobGone } from './job-store.js';
import { TakeGate, type WorkerRepository } from './take-gate.js';

/** A worker's claim to one run of a job: `_id` is job and due time, so at most one worker gets it. */
export interface Claim {
  _id: string;
  by: string;
  at: Date;
}

/** Longer than the driver waits for an answer, which it does without end in a case of keep-monitoring.ts. */
const SAVE_LIMIT_MS = 30_000;
/** Due jobs read at once, to find one that is not claimed. */
const CANDIDATES = 20;

/** Whether the server refused a second document with the same `_id`. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === 11000;
}

const claimOf = (id: ObjectId, dueAt: Date) => `${id} ${dueAt.getTime()}`;

/**
 * Agenda's repository, except that a worker takes only due jobs, writes only to jobs it still holds, and takes them by
 * inserting a claim. Agenda relies on an atomic findAndModify, but FerretDB 1 reads and then writes the whole document,
 * so two workers could take one job; a unique `_id` holds on both servers.
 */
export class OwnMongoRepository extends MongoJobRepository implements WorkerRepository {
  readonly #gate = new TakeGate();
  readonly #claims: Collection<Claim>;

  constructor(db: Db) {
    super({ mongo: db });
    this.#claims = db.collection<Claim>('agendaClaims');
  }

  async #claim(id: ObjectId, dueAt: Date): Promise<boolean> {
    try {
      await this.#claims.insertOne({ _id: claimOf(id, dueAt), by: randomUUID(), at: new Date() });
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  override getNextJobToRun(
    jobName: string,
    _nextScanAt: Date,
    _lockDeadline: Date,
    now: Date | undefined,
    options: JobRepositoryOptions | undefined,
  ): Promise<JobParameters | undefined> {
    return this.#gate.pass(
      () => this.takeDueJob(jobName, now, options),
      (job) => this.unlockJob(job),
    );
  }

  stopTaking(): Promise<void> {
    return this.#gate.close();
  }

  async takeDueJob(
    jobName: string,
    _now: Date | undefined,
    options: JobRepositoryOptions | undefined,
  ): Promise<JobParameters | undefined> {
    const isDue = { name: jobName, disabled: { $ne: true }, lockedAt: null, nextRunAt: { $lte: new Date() } };
    const candidates = await this.collection
      .find(isDue as object)
      .sort({ nextRunAt: 1, priority: -1 })
      .limit(CANDIDATES)
      .toArray();
    for (const { _id, nextRunAt } of candidates) {
      if (!nextRunAt || !(await this.#claim(_id, nextRunAt))) continue;
      const lockedAt = new Date();
      const { matchedCount } = await this.collection.updateOne({ _id, lockedAt: null, nextRunAt } as object, {
        $set: { lockedAt, lastModifiedBy: options?.lastModifiedBy ?? null },
      });
      const job = matchedCount === 1 ? await this.getJobById(_id.toHexString()) : null;
      if (job) return { ...job, _id: toJobId(_id.toHexString()), lockedAt };
    }
    return undefined;
  }

  override async saveJobState(job: JobParameters, options: JobRepositoryOptions | undefined): Promise<void> {
    const save = () =>
      this.collection.updateOne(
        { _id: new ObjectId(String(job._id)), lastModifiedBy: options?.lastModifiedBy ?? null } as object,
        {
          $set: {
            lockedAt: job.lockedAt ?? null,
            nextRunAt: job.nextRunAt ?? null,
            lastRunAt: job.lastRunAt ?? null,
            progress: job.progress ?? null,
            failReason: job.failReason ?? null,
            failCount: job.failCount ?? null,
            failedAt: job.failedAt ?? null,
            lastFinishedAt: job.lastFinishedAt ?? null,
            data: job.data ?? null,
          },
        },
      );
    const { matchedCount } = await withTimeout(save, SAVE_LIMIT_MS);
    if (matchedCount !== 1) throw new JobGone(`The job ${job._id} is not this worker's any more.`);
  }

  /** Releases jobs not begun, with a new due time, as the old one is claimed. */
  override async unlockJobs(jobIds: string[]): Promise<void> {
    const _id = { $in: jobIds.map((id) => new ObjectId(id)) };
    const isWaiting = { _id, nextRunAt: { $ne: null } } as object;
    await this.collection.updateMany(isWaiting, { $set: { lockedAt: null, nextRunAt: new Date() } });
  }

  override async unlockJob(job: JobParameters): Promise<void> {
    // Not awaited by Agenda. A job left locked is reclaimed as a dead worker's.
    if (job._id) await this.unlockJobs([job._id]).catch(() => {});
  }

  /** Gives jobs a new due time whose worker died between claiming and locking them. */
  async freeClaimed(jobName: string, silentSince: Date): Promise<void> {
    const isOverdue = { name: jobName, lockedAt: null, nextRunAt: { $lte: silentSince } } as object;
    const overdue = await this.collection.find(isOverdue).sort({ nextRunAt: 1 }).limit(CANDIDATES).toArray();
    for (const { _id, nextRunAt } of overdue) {
      const claim = await this.#claims.findOne({ _id: claimOf(_id, nextRunAt as Date), at: { $lte: silentSince } });
      if (!claim) continue;
      const again = new Date(claim.at.getTime() + 1);
      await this.collection.updateOne({ _id, lockedAt: null, nextRunAt } as object, { $set: { nextRunAt: again } });
    }
  }

  async trimClaims(before: Date): Promise<void> {
    await this.#claims.deleteMany({ at: { $lt: before } });
  }
}
